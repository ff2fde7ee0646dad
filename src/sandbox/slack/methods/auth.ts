import { Refusal } from '../refusal.ts';
import { APP, SECOND_TEAM, TEAM } from '../seed.ts';
import { MOST_LINKS } from '../socket/links.ts';
import type { Methods } from './method.ts';

/**
 * Signing in and connecting.
 * @param links how many Socket Mode connections there are, and how a new one is let in
 */
export function createAuthMethods(links: { count(): number; issue(): string }): Methods {
  return {
    'api.test': {
      token: 'any',
      run: (args) => {
        const error = args.text('error');
        if (error !== undefined) throw new Refusal(error);
        return { args: {} };
      },
    },
    'auth.test': {
      token: 'bot',
      everyTeam: true,
      run: (_, workspace, caller) => {
        const team = caller.teamId === SECOND_TEAM.id ? SECOND_TEAM : TEAM;
        return {
          url: `${workspace.origin()}/`,
          team: team.name,
          user: 'agentdesk',
          team_id: team.id,
          user_id: APP.botUser,
          bot_id: APP.botId,
          is_enterprise_install: false,
        };
      },
    },
    'auth.revoke': {
      token: 'bot',
      everyTeam: true,
      run: (args, { store }) => {
        if (args.flag('test')) return { revoked: false };
        store.data.installed = false;
        store.touch();
        return { revoked: true };
      },
    },
    'apps.connections.open': {
      token: 'app',
      run: (_, workspace) => {
        if (links.count() >= MOST_LINKS) throw new Refusal('too_many_websockets');
        return { url: workspace.origin().replace('http:', 'ws:') + links.issue() };
      },
    },
  };
}
