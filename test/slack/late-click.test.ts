import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expireDue } from '../../src/approvals/expire.ts';
import {
  changeAction,
  DECISIONS,
  enter,
  expectNothing,
  GATED,
  refusedBy,
  tellTheTruth,
  untilQuiet,
} from './clicks.ts';
import { findButton } from './look.ts';
import {
  approvalOn,
  ask,
  auditAfter,
  botMessages,
  cardNow,
  createProposer,
  eventually,
  imOf,
  lastAudit,
  mail,
  mailsSent,
  press,
  statusOf,
  whispersTo,
  type Asked,
} from './people.ts';
import type { WholeDesk } from './whole-desk.ts';

const model = createProposer();
let desk: WholeDesk;
let open: Asked;

describe('a click that comes too late', () => {
  /** A message with a button that stays, as on the screen of a device that heard nothing since. */
  let surface = '';
  beforeAll(async () => {
    desk = await enter(model);
    const client = await desk.deps.clients.forWorkspace('T0SANDBOX');
    const text = { type: 'plain_text' as const, text: 'Approve' };
    const posted = await client.chat.postMessage({
      channel: imOf('U0BEN'),
      text: 'as it was',
      blocks: [
        { type: 'actions', block_id: 'stale', elements: [{ type: 'button', text, action_id: 'approve' }] },
      ],
    });
    surface = posted.ts ?? '';
  });
  afterEach(() => tellTheTruth(desk));
  afterAll(() => desk.stop());

  async function pressStale(action: string): Promise<void> {
    changeAction(desk, { action_id: action, value: open.approval.id });
    const at = { channel: imOf('U0BEN'), ts: surface };
    await desk.world.click('U0BEN', at, { block_id: 'stale', action_id: 'approve' });
    tellTheTruth(desk);
  }
  const expectLate = (action: string, code: string, words: string) =>
    expectNothing(desk, open, () => pressStale(action), {
      event: `member:U0BEN ${refusedBy(action)} ${code}`,
      words,
    });
  const settled = (word: string) =>
    eventually(`the card says ${word}`, () => cardNow(desk, open.card).text.startsWith(word));
  const type = (memberId: string, text: string) =>
    desk.world.slash(memberId, imOf(memberId), '/agentdesk', text);

  it.each<[string, () => unknown, () => unknown]>([
    ['/agentdesk stop', () => type('U0BEN', 'stop'), () => type('U0BEN', 'resume')],
    ['an admin’s /agentdesk stop all', () => type('U0ADA', 'stop all'), () => type('U0ADA', 'resume all')],
    [
      'Slack’s own Stop button',
      () => desk.world.stopSession('U0BEN', imOf('U0BEN'), open.card.thread_ts ?? ''),
      () => undefined,
    ],
  ])('after %s: no decision, one sentence, one event', async (_, stop, resume) => {
    open = await ask(desk, model, mail());
    await stop();
    await settled('Cancelled');
    await untilQuiet(desk);
    expect(findButton(cardNow(desk, open.card), 'approve')).toBeNull();
    for (const action of GATED) await expectLate(action, 'already_decided', 'Already cancelled by <@U0');
    await resume();
  });

  it('after it expired, before and after anybody noticed: no decision, one sentence, one event', async () => {
    open = await ask(desk, model, mail());
    await desk.database.owner`
      update agentdesk.approvals set expires_at = now() - interval '1 second' where id = ${open.approval.id}`;
    for (const action of DECISIONS)
      await expectLate(action, 'approval_expired', 'Nobody approved it in time');
    await expireDue(desk.deps.calls.approvals);
    await settled('Expired');
    await untilQuiet(desk);
    for (const action of GATED) await expectLate(action, 'already_decided', 'Already expired by AgentDesk');
  });

  it('after an edit: the old card is void, one sentence, one event; the new one is good', async () => {
    open = await ask(desk, model, mail());
    await press(desk, open.card, 'edit');
    const form = await eventually('the form', () => desk.world.view('U0BEN'));
    const subject = { value: { type: 'plain_text_input', value: 'Edited' } };
    expect((await desk.world.submitView('U0BEN', form.id, { subject })).ok).toBe(true);
    await settled('Replaced');
    const next = await eventually('the newer card', () =>
      botMessages(desk).find((message) => message.ts > open.card.ts && findButton(message, 'deny') !== null),
    );
    for (const action of GATED) await expectLate(action, 'already_decided', 'Already superseded by <@U0BEN>');
    const newer = await approvalOn(desk, next);
    expect(newer.code).not.toBe(open.approval.code);
    await press(desk, next, 'approve');
    await eventually('the edited mail', () => mailsSent(desk) === 1);
    expect(await statusOf(desk, open)).toBe('superseded');
    open = { card: next, approval: newer };
    await settled('Done');
    await untilQuiet(desk);
  });

  it('after a restart of the process: what was decided stays decided, one sentence, one event', async () => {
    await desk.restart();
    for (const action of GATED) await expectLate(action, 'already_decided', 'Already approved by <@U0BEN>');
    expect(mailsSent(desk)).toBe(1);
    expect(desk.world.violations()).toEqual([]);
  });
});

describe('two devices at once', () => {
  beforeAll(async () => {
    desk = await enter(model);
  });
  afterAll(() => desk.stop());

  it.each([
    ['approve', 'approve', 4],
    ['approve', 'deny', 4],
    ['deny', 'deny', 2],
  ] as const)(
    '%s and %s: one decision, one event and one sentence for the other',
    async (first, second, times) => {
      for (let round = 0; round < times; round += 1) {
        open = await ask(desk, model, mail({ subject: `${first} ${second} ${round}` }));
        const [from, said, sent] = [await lastAudit(desk), whispersTo(desk).length, mailsSent(desk)];
        await Promise.all([press(desk, open.card, first), press(desk, open.card, second)]);
        const status = await eventually('a decision', async () => {
          const now = await statusOf(desk, open);
          return now === 'pending' ? null : now;
        });
        const word = status === 'approved' ? 'Done' : 'Denied';
        await eventually('the end', () => cardNow(desk, open.card).text.startsWith(word));
        await eventually('the sentence', () => whispersTo(desk).length > said);
        await untilQuiet(desk);
        const events = (await auditAfter(desk, from)).map((line) => `${line.type} ${line.outcome}`);
        expect(events.filter((line) => line.startsWith('approval.decided'))).toEqual([
          `approval.decided ${status}`,
        ]);
        expect(events.filter((line) => line.includes('refused'))).toEqual([
          'approval.refused already_decided',
        ]);
        expect(whispersTo(desk).slice(said)).toHaveLength(1);
        expect(mailsSent(desk) - sent).toBe(status === 'approved' ? 1 : 0);
      }
      expect(desk.world.violations()).toEqual([]);
    },
  );
});
