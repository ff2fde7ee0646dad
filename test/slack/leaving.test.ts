import { afterEach, expect, it } from 'vitest';
import { listPending } from '../../src/approvals/query.ts';
import { checkPresence } from '../../src/slack/check-presence.ts';
import { createSlackDesk, proposeCall, TEAM, type Script, type SlackDesk } from './desk.ts';
import { findButton, textOf, until } from './look.ts';

let desk: SlackDesk;
afterEach(() => desk.stop());

const askOnce: Script = async (self, turn) => {
  await proposeCall(self, turn);
  return { status: 'waiting', reply: null };
};
const messages = (user: string) => desk.world.messages(`D${user.slice(1)}`, user);
const pending = () => listPending(desk.deps.calls.database, TEAM, 'U0BEN', 9);
const left = async () =>
  (await desk.database.owner`select outcome from agentdesk.audit_events where type = 'member.left'`).map(
    (row) => row['outcome'] as string,
  );
const askBen = async () => {
  desk.world.say('U0BEN', 'D0BEN', 'mail priya');
  await until(() => messages('U0BEN').find((message) => findButton(message, 'approve')));
};

it('a member whom Slack deactivates has nothing open any more, and the admins are told', async () => {
  desk = await createSlackDesk(askOnce);
  await askBen();
  desk.world.setUser('U0BEN', { realName: 'Ben Renamed' });
  desk.world.setUser('U0BEN', { deleted: true });
  await until(async () => (await pending()).length === 0);
  expect(await left()).toEqual(['deactivated']);
  await until(() => messages('U0ADA').find((message) => textOf(message).includes('left this workspace')));
});

it('a missed event is caught: a member who is gone, and a token that was taken back', async () => {
  desk = await createSlackDesk(askOnce, { subscriptions: ['message.im'] });
  await askBen();
  await checkPresence(desk.deps);
  expect(await left()).toEqual([]);
  const forgetCheck = () =>
    desk.database.owner`update agentdesk.members set checked_at = clock_timestamp() - interval '7 hours'`;
  desk.world.setUser('U0BEN', { deleted: true });
  await forgetCheck();
  await checkPresence(desk.deps);
  expect([await left(), await pending()]).toEqual([['deactivated'], []]);

  desk.world.say('U0ADA', 'D0ADA', 'mail priya');
  await until(() => messages('U0ADA').find((message) => findButton(message, 'approve')));
  desk.world.uninstall();
  await forgetCheck();
  await checkPresence(desk.deps);
  const [workspace] = await desk.database.owner`select uninstalled_at from agentdesk.workspaces`;
  expect(workspace?.['uninstalled_at']).toBeInstanceOf(Date);
  expect(await left()).toEqual(['deactivated', 'uninstalled']);
  expect(await listPending(desk.deps.calls.database, TEAM, 'U0ADA', 9)).toEqual([]);
});
