import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changeAction, enter, expectNothing, GATED, refusedBy, tellTheTruth, type Json } from './clicks.ts';
import {
  ask,
  botMessages,
  cardNow,
  createProposer,
  eventually,
  mail,
  mailsSent,
  press,
  statusOf,
  type Asked,
} from './people.ts';
import type { WholeDesk } from './whole-desk.ts';

const model = createProposer();
let desk: WholeDesk;
/** A card of Ben's that stays open until the last test. */
let open: Asked;

describe('a forged click', () => {
  beforeAll(async () => {
    desk = await enter(model);
    open = await ask(desk, model, mail());
  });
  afterEach(() => tellTheTruth(desk));
  afterAll(() => desk.stop());

  const refused = (action: string, code: string) => `member:U0BEN ${refusedBy(action)} ${code}`;
  const UNKNOWN = 'There is no open approval with that code';

  const values: [string, unknown][] = [
    ['an id that is not there', '00000000-0000-4000-8000-000000000000'],
    ['garbage', 'garbage'],
    ['nothing', ''],
    ['no text', { id: 1 }],
    ['2 kB long', 'x'.repeat(2_000)],
    ['SQL', "' or status = 'pending' --"],
    ['an id with SQL', "00000000-0000-4000-8000-000000000000'; drop table agentdesk.approvals; --"],
    ['a NUL', 'a\u0000b'],
    ['markup', '<!channel> <@U0ADA>'],
  ];
  const cases = values.flatMap(([name, value]) => GATED.map((action) => [name, action, value] as const));

  it.each(cases)(
    'with a value that is %s, on %s: no decision, one sentence, one event',
    async (_, action, value) => {
      changeAction(desk, { value });
      await expectNothing(desk, open, () => press(desk, open.card, action), {
        event: refused(action, 'approval_unknown'),
        words: UNKNOWN,
      });
    },
  );

  it('with another member’s approval as its value: no decision, one sentence, one event', async () => {
    const theirs = await ask(desk, model, mail({ subject: 'Ada’s' }), 'U0ADA');
    for (const action of GATED) {
      changeAction(desk, { value: theirs.approval.id });
      await expectNothing(desk, open, () => press(desk, open.card, action), {
        event: refused(action, 'not_yours'),
        words: 'Only <@U0ADA> can decide this.',
      });
    }
    expect(await statusOf(desk, theirs)).toBe('pending');
  });

  it('with an approval that was decided as its value: it stays as it was, one sentence, one event', async () => {
    const other = await ask(desk, model, mail({ subject: 'Denied' }));
    await press(desk, other.card, 'deny');
    await eventually('its card says so', () => cardNow(desk, other.card).text.startsWith('Denied'));
    await eventually('the end of the turn', () =>
      botMessages(desk).some(({ text }) => text === 'That is all.'),
    );
    for (const action of GATED) {
      changeAction(desk, { value: other.approval.id });
      await expectNothing(desk, open, () => press(desk, open.card, action), {
        event: refused(action, 'already_decided'),
        words: 'Already denied by <@U0BEN> at 20',
      });
    }
    expect(await statusOf(desk, other)).toBe('denied');
    expect(mailsSent(desk)).toBe(0);
  });

  it.each(['approve_all', 'APPROVE', 'approve ', '__proto__', '.*', 'x'.repeat(255)])(
    'with the action id %j: no listener takes it for Approve; one sentence, one event',
    async (id) => {
      changeAction(desk, { action_id: id });
      await expectNothing(desk, open, () => press(desk, open.card, 'approve'), {
        event: 'member:U0BEN access.refused not_allowed',
        words: 'I do not know this button',
      });
    },
  );

  it('with another block id: it carries no authority; one sentence, one event', async () => {
    changeAction(desk, { block_id: 'admin', value: '00000000-0000-4000-8000-000000000000' });
    await expectNothing(desk, open, () => press(desk, open.card, 'approve'), {
      event: refused('approve', 'approval_unknown'),
      words: UNKNOWN,
    });
  });

  it.each(['it_happened', 'it_did_not'])(
    '%s for a call that is not unknown: one sentence, one event',
    async (id) => {
      changeAction(desk, { action_id: id });
      await expectNothing(desk, open, () => press(desk, open.card, 'approve'), {
        event: 'member:U0BEN access.refused not_allowed',
        words: 'what became of it is known by now',
      });
    },
  );

  const NOWHERE = '{"approvalId":"00000000-0000-4000-8000-000000000000","place":""}';

  it.each(['{}', 'garbage', '{"approvalId":1}', NOWHERE])(
    'in a form to deny that says it is about %s: no decision, one sentence, one event',
    async (metadata) => {
      await press(desk, open.card, 'deny_with_reason');
      const form = await eventually('the form', () => desk.world.view('U0BEN'));
      sendAs(metadata);
      const reason = { reason: { text: { type: 'plain_text_input', value: 'x' } } };
      await expectNothing(desk, open, () => desk.world.submitView('U0BEN', form.id, reason), {
        event: refused('approve', 'approval_unknown'),
        words: UNKNOWN,
      });
    },
  );

  it.each(['{}', 'garbage', NOWHERE])(
    'in a form to edit that says it is about %s: nothing is replaced, one sentence, one event',
    async (metadata) => {
      await press(desk, open.card, 'edit');
      const form = await eventually('the form', () => desk.world.view('U0BEN'));
      sendAs(metadata);
      await expectNothing(desk, open, () => desk.world.submitView('U0BEN', form.id), {
        event: refused('edit', 'approval_unknown'),
        words: UNKNOWN,
      });
    },
  );

  function sendAs(metadata: string): void {
    desk.gateway.onPayload = (payload) => {
      return { ...payload, view: { ...(payload['view'] as Json), private_metadata: metadata } };
    };
  }

  it('after all of it the card is still good for the one whose it is', async () => {
    expect(desk.world.violations()).toEqual([]);
    await press(desk, open.card, 'approve');
    await eventually('the effect', () => mailsSent(desk) === 1);
  });
});
