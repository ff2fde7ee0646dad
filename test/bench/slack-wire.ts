import { randomUUID } from 'node:crypto';

export const TEAM = { id: 'T0BENCH', name: 'Acme', domain: 'acme' } as const;

/** As many people as wanted, named by number, each with a direct message of their own. */
export const users = {
  /** `U0P1`, `U0P2`, … */
  id: (number: number): string => `U0P${number}`,
  dmOf: (id: string): string => `D${id.slice(1)}`,
  /** All have Ben's address, because the provider's stand-in knows only a few people. */
  describe: (id: string): object => ({
    id,
    team_id: TEAM.id,
    name: id.toLowerCase(),
    real_name: `Person ${id}`,
    tz: 'Europe/Berlin',
    deleted: false,
    is_bot: false,
    is_admin: false,
    profile: { real_name: `Person ${id}`, email: 'ben@acme.test' },
  }),
};

export function personMessage(said: {
  user: string;
  text: string;
  ts: string;
  threadTs: string | undefined;
}): Record<string, unknown> {
  const { user, text, ts, threadTs } = said;
  const place = { channel: users.dmOf(user), channel_type: 'im', event_ts: ts, team: TEAM.id };
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
  return { type: 'message', user, text, ts, client_msg_id: randomUUID(), ...place, ...thread };
}

export function botMessage(posted: {
  channel: string;
  ts: string;
  text: string;
  threadTs: string | null;
  blocks?: readonly object[];
  deleted?: boolean;
}): Record<string, unknown> {
  const { ts, text, threadTs, blocks = [] } = posted;
  const thread = threadTs === null ? {} : { thread_ts: threadTs };
  const author = { user: 'U0BOT', bot_id: 'B0BOT', app_id: 'A0BENCH', team: TEAM.id };
  return { type: 'message', ...author, ts, event_ts: ts, text, blocks, ...thread };
}

export interface Block {
  readonly block_id?: string;
  readonly elements?: readonly {
    action_id?: string;
    value?: string;
    url?: string;
    text?: { text: string };
  }[];
}

/** What was posted, as the double saw it. */
export interface Posted {
  readonly method: string;
  readonly channel: string;
  readonly threadTs: string | null;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** `performance.now()` when the request had arrived. */
  readonly at: number;
}
