import { afterEach, describe, expect, it } from 'vitest';
import { expireDue } from '../../src/approvals/expire.ts';
import { expireUnclaimed } from '../../src/calls/expire.ts';
import { listTurnCalls } from '../../src/calls/query.ts';
import type { Message } from '../../src/sandbox/slack/world.ts';
import { createSlackDesk, proposeCall, type Script, type SlackDesk } from './desk.ts';
import { findButton, textOf, until } from './look.ts';

const WORDS = 'mail <priya@acme.test> that we meet at 3';

let desk: SlackDesk;
afterEach(() => desk.stop());

/** Asks for one thing in each turn, and never gets round to doing it. */
const askOnly: Script = async (self, turn) => {
  const [call] = await listTurnCalls(self.deps.calls, turn.id);
  if (call === undefined) await proposeCall(self, turn);
  const ended = call !== undefined && call.status !== 'pending' && call.status !== 'approved';
  return ended ? { status: 'done', reply: call.errorMessage ?? '' } : { status: 'waiting', reply: null };
};

const mine = (user = 'U0BEN') => desk.world.messages(`D${user.slice(1)}`, user);
const bot = (): Message[] => mine().filter((message) => message.bot_id !== undefined);
const cardIn = () => until(() => bot().find((message) => findButton(message, 'approve')));
const ended = (card: Message, begins: string) =>
  until(() => bot().find((one) => one.ts === card.ts && one.text.startsWith(begins)));
const ephemeral = (words: string) =>
  until(() => mine().find((one) => one.ephemeralFor !== undefined && textOf(one).includes(words)));
const turns = () =>
  desk.database.owner<{ id: string; text: string; status: string }[]>`
    select id, text, status from agentdesk.turns order by created_at`;

async function press(message: Message, actionId: string): Promise<void> {
  const button = findButton(message, actionId);
  if (button === null) throw new Error(`no button ${actionId}`);
  await desk.world.click('U0BEN', { channel: 'D0BEN', ts: message.ts }, button);
}

/** Approved, and then nothing runs it until its time is over. */
async function letRunOut(card: Message): Promise<void> {
  await press(card, 'approve');
  await until(() => bot().find((one) => one.ts === card.ts && one.text.startsWith('Approved')));
  const late = desk.database.owner`clock_timestamp() - interval '1 second'`;
  await desk.database.owner`update agentdesk.approvals set execute_by = ${late}`;
  await desk.database.owner`update agentdesk.calls set execute_by = ${late}`;
  expect(await expireUnclaimed(desk.deps.calls)).toBe(1);
}

describe('B6 an approval whose time ran out', () => {
  it('does not run: the card says so, and asks again in the person’s own words', async () => {
    desk = await createSlackDesk(askOnly);
    desk.world.say('U0BEN', 'D0BEN', WORDS);
    const card = await cardIn();
    await letRunOut(card);
    const late = await ended(card, 'Too late');
    expect(textOf(late)).toContain('too long ago to run safely. Nothing was done.');
    expect(findButton(late, 'approve')).toBeNull();

    await press(late, 'ask_again');
    await ephemeral('I take it up again, in your own words');
    const fresh = await until(() =>
      bot().find((one) => one.ts !== card.ts && findButton(one, 'approve') !== null),
    );
    expect(fresh.thread_ts).toBe(card.thread_ts);
    const [first, second, ...more] = await turns();
    expect(more).toEqual([]);
    expect([second?.text, second?.status]).toEqual([first?.text, 'waiting']);
    const events = await desk.database.owner`select detail->>'repeats' as repeats
      from agentdesk.audit_events where turn_id = ${second?.id ?? ''} and type = 'message.received'`;
    expect(events).toEqual([{ repeats: first?.id }]);

    await press(late, 'ask_again');
    await ephemeral('That was asked again already.');
    expect(await turns()).toHaveLength(2);
    expect(desk.world.violations()).toEqual([]);
  });

  it('nobody decided in time offers it too', async () => {
    desk = await createSlackDesk(askOnly);
    desk.world.say('U0BEN', 'D0BEN', WORDS);
    const card = await cardIn();
    await desk.database.owner`update agentdesk.approvals set expires_at = now() - interval '1 second'`;
    expect(await expireDue(desk.deps.calls.approvals)).toBe(1);
    await press(await ended(card, 'Expired'), 'ask_again');
    await ephemeral('I take it up again');
    await until(async () => (await turns()).length === 2);
  });

  it('is asked again by nobody else, and only while Slack vouches for the one who clicks', async () => {
    desk = await createSlackDesk(askOnly);
    desk.world.say('U0BEN', 'D0BEN', WORDS);
    const card = await cardIn();
    await letRunOut(card);
    const late = await ended(card, 'Too late');
    desk.world.setUser('U0BEN', { isRestricted: true });
    await press(late, 'ask_again');
    await ephemeral('guests cannot decide');
    desk.world.setUser('U0BEN', { isRestricted: false });
    await desk.database.owner`update agentdesk.approvals set member_id = 'U0ADA'`;
    await press(late, 'ask_again');
    await ephemeral('Only <@U0ADA> can decide this.');
    expect(await turns()).toHaveLength(1);
    const refused = await desk.database.owner`select outcome from agentdesk.audit_events
      where type = 'access.refused' order by id`;
    expect(refused.map((row) => row['outcome'] as string)).toEqual(['not_allowed', 'not_yours']);
  });

  it('is not asked again when it did run, whatever button is still on the screen', async () => {
    desk = await createSlackDesk(askOnly);
    desk.world.say('U0BEN', 'D0BEN', WORDS);
    const card = await cardIn();
    await letRunOut(card);
    const late = await ended(card, 'Too late');
    await desk.database.owner`update agentdesk.calls set status = 'done'`;
    await press(late, 'ask_again');
    await ephemeral('there is nothing to ask again');
    expect(await turns()).toHaveLength(1);
  });
});
