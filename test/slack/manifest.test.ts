import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { routes } from '../../src/slack/register.ts';
import { BOT_SCOPES } from '../../src/slack/scopes.ts';

interface Manifest {
  features: {
    agent_view: { agent_description: string; suggested_prompts: { title: string; message: string }[] };
    app_home: Record<string, boolean>;
    slash_commands: { command: string; description: string; should_escape: boolean }[];
  };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    event_subscriptions: { bot_events: string[] };
    interactivity: { is_enabled: boolean };
    socket_mode_enabled: boolean;
    org_deploy_enabled: boolean;
    token_rotation_enabled: boolean;
  };
  display_information: { name: string; description: string; long_description: string };
}

const manifest = parse(readFileSync('manifest.yml', 'utf8')) as Manifest;
const sources = readdirSync('src/slack', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join('src/slack', name), 'utf8'))
  .join('\n');

/** The scope each Web API method needs (docs.slack.dev/reference/methods); null = none. */
const METHOD_SCOPES: Readonly<Record<string, string | null>> = {
  'agents.sessions.setStatus': 'assistant:write',
  'assistant.threads.setSuggestedPrompts': 'assistant:write',
  'auth.test': null,
  'chat.postEphemeral': 'chat:write',
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.history': 'im:history',
  'conversations.open': 'im:write',
  'conversations.replies': 'im:history',
  'files.completeUploadExternal': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'team.info': 'team:read',
  'usergroups.list': 'usergroups:read',
  'users.info': 'users:read',
  'users.list': 'users:read',
  'views.open': null,
  'views.publish': null,
  'views.update': null,
};

/** The subscription behind each event we handle, and the scope it needs. */
const EVENTS: Readonly<Record<string, { subscription: string; scope: string | null }>> = {
  message: { subscription: 'message.im', scope: 'im:history' },
  app_mention: { subscription: 'app_mention', scope: 'app_mentions:read' },
  app_home_opened: { subscription: 'app_home_opened', scope: null },
  agent_session_stopped: { subscription: 'agent_session_stopped', scope: 'assistant:write' },
  app_uninstalled: { subscription: 'app_uninstalled', scope: null },
  tokens_revoked: { subscription: 'tokens_revoked', scope: null },
  user_change: { subscription: 'user_change', scope: 'users:read' },
};

function usedMethods(): string[] {
  const called = [...sources.matchAll(/\bclient\s*\.((?:[a-z]\w*\.)+[a-z]\w*)\(/g)].map(
    (match) => match[1] ?? '',
  );
  const named = [...sources.matchAll(/apiCall\('([\w.]+)'/g)].map((match) => match[1] ?? '');
  return [...new Set([...called, ...named])].sort();
}

describe('manifest.yml', () => {
  it('subscribes to the events that are handled, and to no other', () => {
    const wanted = Object.keys(routes.events).map((name) => EVENTS[name]?.subscription);
    expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual(wanted.sort());
  });

  it('asks for the scopes that methods, events and commands need, and for no other', () => {
    const methods = usedMethods();
    expect(methods).toEqual(Object.keys(METHOD_SCOPES).sort());
    const needed = new Set([
      ...methods.map((name) => METHOD_SCOPES[name]),
      ...Object.keys(routes.events).map((name) => EVENTS[name]?.scope),
      ...(Object.keys(routes.commands).length > 0 ? ['commands'] : []),
      // The member's address, shown to the policy and compared with the account's.
      ...(sources.includes('profile.email') ? ['users:read.email'] : []),
    ]);
    needed.delete(null);
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...needed].sort());
    expect([...BOT_SCOPES].sort()).toEqual([...manifest.oauth_config.scopes.bot].sort());
  });

  it('declares the commands that are handled, with names spelled out for us', () => {
    expect(manifest.features.slash_commands.map((entry) => entry.command)).toEqual(
      Object.keys(routes.commands),
    );
    expect(manifest.features.slash_commands.every((entry) => entry.should_escape)).toBe(true);
  });

  it('handles every action id that a block of ours sends', () => {
    const sent = [
      ...sources.matchAll(/\bbutton\(\s*(?:'[^']*'|`[^`]*`|[\w.[\]]+),\s*(?:'(\w+)'|`([^`]+)`)/g),
    ].map((match) => match[1] ?? match[2] ?? '');
    expect(sent.length).toBeGreaterThan(10);
    for (const id of sent) {
      const prefix = id.split('${')[0] ?? '';
      expect(
        Object.keys(routes.actions).some(
          (known) => known === id || (id !== prefix && known.startsWith(prefix)),
        ),
      ).toBe(true);
    }
  });

  it('is within Slack’s limits and turns on what is used', () => {
    const { agent_view: agent, app_home: home } = manifest.features;
    expect(agent.agent_description.length).toBeLessThanOrEqual(300);
    expect(agent.suggested_prompts.length).toBeLessThanOrEqual(4);
    expect(home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    });
    expect(manifest.settings).toMatchObject({
      interactivity: { is_enabled: true },
      socket_mode_enabled: true,
      org_deploy_enabled: true,
      token_rotation_enabled: false,
    });
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
    expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
    expect(manifest.display_information.long_description.length).toBeGreaterThanOrEqual(174);
  });
});
