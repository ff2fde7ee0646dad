import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../../src/approvals/decide.ts';
import { listPending } from '../../src/approvals/query.ts';
import { createOfflineModel } from '../../src/agent/offline-model.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';

describe('a turn, from words to effect', () => {
  let test: TestDesk;
  beforeAll(async () => {
    test = await startTestDesk(createOfflineModel(() => new Date()));
    await test.connect('google-oauth2', 'U0BEN');
    await test.connect('github', 'U0BEN');
  });
  afterAll(() => test.stop());

  it('answers a calendar question without asking', async () => {
    const outcome = await test.desk.agent.run(await test.say('U0BEN', "what's on my calendar today?"));
    expect(outcome.status).toBe('done');
    expect(outcome.calls.map((call) => [call.action, call.status])).toEqual([
      ['calendar.events.list', 'done'],
    ]);
    expect(outcome.reply).toContain('Priya');
  });

  it('sends a mail only after it was approved', async () => {
    const turnId = await test.say(
      'U0BEN',
      "mail priya@acme.test about 'Lunch' saying 'Shall we have lunch?'",
    );
    const waiting = await test.desk.agent.run(turnId);
    expect(waiting.status).toBe('waiting');
    expect(test.google.world.effects().filter((effect) => effect.kind === 'mail.sent')).toHaveLength(0);
    const [approval] = await listPending(test.desk.database, WORKSPACE, 'U0BEN', 10);
    await decide(test.desk.deps.approvals, {
      workspaceId: WORKSPACE,
      memberId: 'U0BEN',
      approvalId: approval?.id ?? '',
      decision: 'approve',
      reason: null,
      from: { surface: 'card', channel: 'DU0BEN', ts: '1.1' },
    });
    const done = await test.desk.agent.run(turnId);
    expect(done.calls.map((call) => [call.status, call.errorMessage])).toEqual([['done', null]]);
    expect(test.google.world.effects().filter((effect) => effect.kind === 'mail.sent')).toHaveLength(1);
  });
});
