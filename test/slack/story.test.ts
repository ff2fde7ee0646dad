import { afterEach, describe, expect, it } from 'vitest';
import { listPending } from '../../src/approvals/query.ts';
import { listTurnCalls } from '../../src/calls/query.ts';
import { listEvents } from '../support/list-events.ts';
import { createSlackDesk, proposeCall, setCall, TEAM, type Script, type SlackDesk } from './desk.ts';
import { findButton, textOf, until } from './look.ts';
import type { Message } from '../../src/sandbox/slack/world.ts';

let desk: SlackDesk;
afterEach(() => desk.stop());

/** Asks once, then does what was decided. */
const askThenDo: Script = async (self, turn) => {
  const known = await listTurnCalls(self.deps.calls, turn.id);
  const [call] = known;
  if (call === undefined) {
    await proposeCall(self, turn);
    return { status: 'waiting', reply: null };
  }
  if (call.status === 'pending') return { status: 'waiting', reply: null };
  if (call.status === 'approved') {
    await setCall(self, call.id, {
      status: 'done',
      result: { summary: 'Sent to priya@acme.test.', link: 'https://mail.google.com/x' },
    });
    return { status: 'done', reply: 'I sent it.' };
  }
  return { status: 'done', reply: `Not sent: ${call.errorMessage ?? ''}` };
};

const mine = (user = 'U0BEN') => desk.world.messages(`D${user.slice(1)}`, user);
const bot = (user?: string): Message[] => mine(user).filter((message) => message.bot_id !== undefined);
const cardIn = (user?: string) => until(() => bot(user).find((message) => findButton(message, 'approve')));
const ephemeral = (words: string) =>
  until(() =>
    mine().find((message) => message.ephemeralFor !== undefined && textOf(message).includes(words)),
  );

async function press(user: string, message: Message, actionId: string): Promise<void> {
  const button = findButton(message, actionId);
  if (button === null) throw new Error(`no button ${actionId}`);
  await desk.world.click(user, { channel: 'D0BEN', ts: message.ts }, button);
}

async function refusals(type: 'approval.refused' | 'access.refused'): Promise<string[]> {
  const rows = await listEvents(desk.deps.calls.database, TEAM);
  return rows.filter((row) => row.type === type).map((row) => `${row.actor} ${row.outcome}`);
}

describe('a message, its card and the click', () => {
  it('goes from the message to the effect, and the card tells all of it', async () => {
    desk = await createSlackDesk(askThenDo);
    const { world } = desk;
    const { ts } = world.say('U0BEN', 'D0BEN', 'mail priya@acme.test that we meet at 3');
    const card = await cardIn();
    expect(card.thread_ts).toBe(ts);
    expect(textOf(card)).toContain('priya@acme.test');
    expect(card.metadata).toMatchObject({ event_type: 'agentdesk' });
    await until(() => world.sessions('D0BEN').find((session) => session.status === 'suspended'));

    await press('U0BEN', card, 'approve');
    const done = await until(() => bot().find((one) => one.ts === card.ts && one.text.startsWith('Done')));
    expect(textOf(done)).toContain('https://mail.google.com/x');
    expect(findButton(done, 'approve')).toBeNull();
    await until(() => bot().find((one) => one.text === 'I sent it.'));
    await until(() => world.sessions('D0BEN').find((session) => session.status === 'active'));

    const [turn] = await desk.database.owner`select text, status from agentdesk.turns`;
    expect(turn).toEqual({ text: 'mail priya@acme.test that we meet at 3', status: 'done' });
    expect(world.violations()).toEqual([]);
    // A second click, on what the person may still have on the screen, decides nothing.
    await expect(press('U0BEN', { ...card }, 'approve')).rejects.toThrow();
    expect(await listPending(desk.deps.calls.database, TEAM, 'U0BEN', 9)).toEqual([]);
  });

  it('denies with a reason, which the agent reads', async () => {
    desk = await createSlackDesk(askThenDo);
    desk.world.say('U0BEN', 'D0BEN', 'mail priya');
    const card = await cardIn();
    await press('U0BEN', card, 'deny_with_reason');
    const form = await until(() => desk.world.view('U0BEN'));
    const value = { type: 'plain_text_input', value: 'wrong <Priya>' };
    expect(await desk.world.submitView('U0BEN', form.id, { reason: { text: value } })).toEqual({ ok: true });
    const denied = await until(() =>
      bot().find((one) => one.ts === card.ts && one.text.startsWith('Denied')),
    );
    expect(textOf(denied)).toContain('wrong <Priya>');
    await until(() => bot().find((one) => one.text.includes('It was denied: wrong &lt;Priya&gt;')));
    expect(desk.world.violations()).toEqual([]);
  });

  it('takes typed decisions through the same gates, once', async () => {
    desk = await createSlackDesk(askThenDo);
    desk.world.say('U0BEN', 'D0BEN', 'mail priya');
    await cardIn();
    const [approval] = await listPending(desk.deps.calls.database, TEAM, 'U0BEN', 1);
    const code = approval?.code ?? '';
    // "approve" as a message is a message.
    desk.world.say('U0BEN', 'D0BEN', `approve ${code}`);
    await desk.world.slash('U0ADA', 'D0ADA', '/agentdesk', `approve ${code}`);
    await until(() => mine('U0ADA').find((one) => one.text.includes('Only <@U0BEN> can decide this.')));
    expect((await listPending(desk.deps.calls.database, TEAM, 'U0BEN', 9)).map((one) => one.code)).toContain(
      code,
    );
    await desk.world.slash('U0BEN', 'D0BEN', '/agentdesk', `approve ${code.toLowerCase()}`);
    await ephemeral('is approved');
    await desk.world.slash('U0BEN', 'D0BEN', '/agentdesk', `deny ${code} too late`);
    await ephemeral('Already approved by <@U0BEN>');
    expect(await refusals('approval.refused')).toEqual([
      'member:U0BEN already_decided',
      'member:U0ADA not_yours',
    ]);
  });

  it('asks Slack who clicks, at the moment of the click', async () => {
    desk = await createSlackDesk(askThenDo);
    desk.world.say('U0BEN', 'D0BEN', 'mail priya');
    const card = await cardIn();
    desk.world.setUser('U0BEN', { isRestricted: true });
    await press('U0BEN', card, 'approve');
    await ephemeral('guests cannot decide');
    expect(await listPending(desk.deps.calls.database, TEAM, 'U0BEN', 9)).toHaveLength(1);
    expect(await refusals('access.refused')).toEqual(['member:U0BEN not_allowed']);
    desk.world.setUser('U0BEN', { isRestricted: false });
    await press('U0BEN', card, 'deny');
    await until(() => bot().find((one) => one.ts === card.ts && one.text.startsWith('Denied')));
  });

  it('lets a large one be approved only after its last page was opened', async () => {
    const body = `${'line of text\n'.repeat(2_500)}THE END`;
    desk = await createSlackDesk(async (self, turn) => {
      const known = await listTurnCalls(self.deps.calls, turn.id);
      if (known.length === 0)
        await proposeCall(self, turn, { fields: [{ label: 'Text', value: body, before: null }] });
      return { status: 'waiting', reply: null };
    });
    desk.world.say('U0BEN', 'D0BEN', 'mail priya the whole report');
    const card = await until(() => bot().find((one) => findButton(one, 'show_everything')));
    expect(findButton(card, 'approve')).toBeNull();
    const [approval] = await listPending(desk.deps.calls.database, TEAM, 'U0BEN', 1);
    await desk.world.slash('U0BEN', 'D0BEN', '/agentdesk', `approve ${approval?.code ?? ''}`);
    await ephemeral('open "Show everything" to its last page first');
    await press('U0BEN', card, 'show_everything');
    const pages: string[] = [];
    for (;;) {
      const before = pages.length;
      const open = await until(() => {
        const view = desk.world.view('U0BEN');
        return view !== null && JSON.stringify(view.view).includes(`page ${before + 1} of`) && view;
      });
      pages.push(JSON.stringify(open.view));
      const next = findButton(open.view, 'everything_next');
      if (next === null) break;
      expect(findButton(open.view, 'approve')).toBeNull();
      await desk.world.click('U0BEN', { viewId: open.id }, next);
    }
    expect(pages.at(-1)).toContain('THE END');
    await until(() => bot().find((one) => one.ts === card.ts && findButton(one, 'approve')));
    expect(desk.world.violations()).toEqual([]);
  });
});

describe('a workspace that removes the app', () => {
  it('leaves no decision open', async () => {
    desk = await createSlackDesk(askThenDo);
    desk.world.say('U0BEN', 'D0BEN', 'mail priya');
    await cardIn();
    desk.world.uninstall();
    await until(() => desk.lines.some((line) => line.includes('was removed from a workspace')));
    expect(await listPending(desk.deps.calls.database, TEAM, 'U0BEN', 9)).toEqual([]);
    const rows = await desk.database.owner`select uninstalled_at from agentdesk.workspaces`;
    expect(rows[0]?.['uninstalled_at']).toBeInstanceOf(Date);
  });
});

describe('a shared thread', () => {
  it('keeps cards and private answers out of it', async () => {
    desk = await createSlackDesk(async (self, turn) => {
      const [call] = await listTurnCalls(self.deps.calls, turn.id);
      if (call === undefined) {
        await proposeCall(self, turn, {}, { action: 'gmail.messages.list' });
        return { status: 'waiting', reply: null };
      }
      await setCall(self, call.id, { status: 'done', result: { summary: 'read' } });
      return { status: 'done', reply: 'SECRET SUBJECT' };
    });
    desk.world.say('U0BEN', 'C0GENERAL', '@AgentDesk what did priya write?');
    const card = await cardIn();
    await press('U0BEN', card, 'approve');
    await until(() => bot().find((one) => one.text.includes('SECRET SUBJECT')));
    const shared = await until(() => {
      const all = desk.world.messages('C0GENERAL', 'U0ADA');
      return all.length >= 3 && all;
    });
    expect(shared.map(textOf).join('\n')).not.toMatch(/SECRET|priya@acme/);
    const [turn] = await desk.database.owner`select text, surface from agentdesk.turns`;
    expect(turn).toEqual({ text: 'what did priya write?', surface: 'channel' });
  });
});
