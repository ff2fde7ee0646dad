import { createHash, randomBytes } from 'node:crypto';
import type { Method } from './methods/method.ts';
import { Refusal } from './refusal.ts';
import { SECOND_TEAM, TEAM } from './seed.ts';
import type { Store } from './store.ts';

export interface Tokens {
  /** The bot token of the second workspace. */
  readonly second: string;
  addUser(token: string, userId: string): void;
  userOf(token: string): string;
  /**
   * Checks a caller's token for a method.
   * @returns the workspace it belongs to
   * @throws Refusal `not_authed`, `invalid_auth`, `not_allowed_token_type`, `token_revoked`
   */
  check(token: string | null, method: Method): { teamId: string };
}

type Kind = 'bot' | 'app' | 'user';

/** Tokens are compared by their hashes, so that no comparison depends on how much of one was right. */
const hash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The tokens of both workspaces, the app and the people who signed in. */
export function createTokens(store: Store): Tokens {
  const second = `xoxb-0-1-${randomBytes(16).toString('hex')}`;
  const { credentials } = store.data;
  const known = new Map<string, { kind: Kind; teamId: string; userId?: string }>([
    [hash(credentials.botToken), { kind: 'bot', teamId: TEAM.id }],
    [hash(credentials.appToken), { kind: 'app', teamId: TEAM.id }],
    [hash(second), { kind: 'bot', teamId: SECOND_TEAM.id }],
  ]);
  return {
    second,
    addUser: (token, userId) => void known.set(hash(token), { kind: 'user', teamId: TEAM.id, userId }),
    userOf: (token) => known.get(hash(token))?.userId ?? '',
    check: (token, method) => {
      if (method.token === 'any') return { teamId: TEAM.id };
      if (token === null) throw new Refusal('not_authed');
      const found = known.get(hash(token));
      if (found === undefined) throw new Refusal('invalid_auth');
      if (found.kind !== method.token) throw new Refusal('not_allowed_token_type');
      if (found.kind === 'bot' && found.teamId === TEAM.id && !store.data.installed)
        throw new Refusal('token_revoked');
      if (found.teamId !== TEAM.id && method.everyTeam !== true) throw new Refusal('team_access_not_granted');
      return { teamId: found.teamId };
    },
  };
}
