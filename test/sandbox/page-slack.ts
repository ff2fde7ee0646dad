import type { SlackWorld } from '../../src/sandbox/page/worlds.ts';
import { createChanges } from './page-worlds.ts';

type Message = {
  ts: string;
  thread_ts?: string;
  user: string;
  text: string;
  blocks?: object[];
  edited?: object;
  ephemeralFor?: string;
};

const person = (id: string, realName: string, email: string, tz: string, rest: object = {}) => ({
  id,
  name: realName.toLowerCase(),
  realName,
  email,
  tz,
  isAdmin: false,
  isOwner: false,
  isRestricted: false,
  deleted: false,
  isBot: false,
  ...rest,
});

/** A Slack of three people for tests of the page: it keeps what it is told and writes down what was asked. */
export function createSlack() {
  const { changed, onChange } = createChanges();
  const messages: Record<string, Message[]> = { D0ADA: [], D0BEN: [], D0GUS: [], C0GENERAL: [] };
  const asked: unknown[][] = [];
  const slack = {
    asked,
    messages,
    sessions: [] as { thread_ts: string; status: string; title?: string }[],
    views: [] as { id: string; view: object; errors?: object }[],
    homes: {} as Record<string, object>,
    violations: [] as object[],
    prompts: null as object | null,
    problem: null as Error | null,
    /** How a submission is answered. */
    submission: { ok: true } as object,
    hold: Promise.resolve(),
    changed,
  };
  const ask = async (...call: unknown[]) => {
    asked.push(call);
    await slack.hold;
    if (slack.problem !== null) throw slack.problem;
    changed();
  };
  const world: SlackWorld = {
    users: () => [
      person('U0ADA', 'Ada Byron', 'ada@acme.test', 'Europe/Berlin', { isAdmin: true, isOwner: true }),
      person('U0BEN', 'Ben Okri', 'ben@acme.test', 'America/New_York'),
      person('U0GUS', 'Gus Hall', 'gus@guest.test', 'Europe/London', { isRestricted: true }),
      person('U0DESK', 'AgentDesk', '', 'UTC', { isBot: true }),
    ],
    channels: (user) => [
      { id: user.replace('U0', 'D0'), name: 'agentdesk', kind: 'im' },
      { id: 'C0GENERAL', name: 'general', kind: 'channel' },
    ],
    messages: (channel, viewer) =>
      (messages[channel] ?? []).filter((one) => [undefined, viewer].includes(one.ephemeralFor)),
    sessions: () => slack.sessions,
    suggestedPrompts: () => slack.prompts,
    suggest: async (...call) => {
      await ask('suggest', ...call);
      return { options: [{ text: { type: 'plain_text', text: 'acme/website' }, value: 'w' }] };
    },
    view: () => slack.views.at(-1) ?? null,
    home: (user) => slack.homes[user] ?? null,
    violations: () => slack.violations,
    say: async (user, channel, text, thread) => {
      const ts = `${(Date.now() / 1000).toFixed(6)}`;
      messages[channel]?.push({ ts, user, text, ...(thread === undefined ? {} : { thread_ts: thread }) });
      await ask('say', user, channel, text, thread);
    },
    edit: (user, channel, ts, text) => {
      for (const one of messages[channel] ?? []) if (one.ts === ts) Object.assign(one, { text, edited: {} });
      return ask('edit', user, channel, ts, text);
    },
    slash: (...call) => ask('slash', ...call),
    click: (...call) => ask('click', ...call),
    submitView: async (...call) => {
      await ask('submitView', ...call);
      return slack.submission;
    },
    closeView: (...call) => {
      slack.views.pop();
      return ask('closeView', ...call);
    },
    openHome: (...call) => ask('openHome', ...call),
    openMessagesTab: (...call) => ask('openMessagesTab', ...call),
    stopSession: (...call) => ask('stopSession', ...call),
    onChange,
  };
  return { control: slack, world };
}
