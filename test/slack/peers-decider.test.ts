import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clickAs, enter, expectNothing, tellOf, tellTheTruth } from './clicks.ts';
import {
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
  type Asked,
} from './people.ts';
import type { WholeDesk } from './whole-desk.ts';

/** Bugs other approval bots have with who decides. */

const model = createProposer();
let desk: WholeDesk;
let open: Asked;

describe('bugs that other approval bots have, with who decides', () => {
  beforeAll(async () => {
    desk = await enter(model);
    open = await ask(desk, model, mail());
  });
  afterEach(() => tellTheTruth(desk));
  afterAll(() => desk.stop());

  const refusedToAda = {
    event: 'member:U0ADA approval.refused not_yours',
    words: 'Only <@U0BEN> can decide this.',
  };

  it('B1: seeing the card is not enough: nobody else’s click decides, an owner’s neither', async () => {
    for (const action of ['approve', 'deny']) {
      clickAs(desk, { id: 'U0ADA' });
      await expectNothing(desk, open, () => press(desk, open.card, action), refusedToAda);
    }
  });

  it('B2: a name means nothing: whoever bears the member’s name and address is still somebody else', async () => {
    desk.world.setUser('U0ADA', { name: 'ben', realName: 'Ben Okri', email: 'ben@acme.test' });
    clickAs(desk, { id: 'U0ADA', name: 'ben', username: 'ben' });
    await expectNothing(desk, open, () => press(desk, open.card, 'approve'), refusedToAda);
    desk.world.setUser('U0ADA', { name: 'ada', realName: 'Ada Byron', email: 'ada@acme.test' });
  });

  it('B4: an admin who takes a member’s name and address at Slack gets neither their approvals nor their account', async () => {
    desk.world.setUser('U0GUS', {
      isRestricted: false,
      isAdmin: true,
      realName: 'Ben Okri',
      email: 'ben@acme.test',
    });
    clickAs(desk, { id: 'U0GUS' });
    await expectNothing(desk, open, () => press(desk, open.card, 'approve'), {
      event: 'member:U0GUS approval.refused not_yours',
      words: 'Only <@U0BEN> can decide this.',
    });
    tellTheTruth(desk);
    model.next = [mail({ subject: 'with Ben’s account' })];
    desk.world.say('U0GUS', imOf('U0GUS'), 'mail priya@acme.test');
    await eventually('a link to connect an account of their own', () =>
      botMessages(desk, 'U0GUS').find((message) => JSON.stringify(message.blocks).includes('/connect/')),
    );
    const rows = await desk.database.owner`select 1 from agentdesk.calls where member_id = 'U0GUS'`;
    expect(rows).toEqual([]);
  });

  it('B6: a click that did not count leaves the card as it was', async () => {
    const before = cardNow(desk, open.card);
    clickAs(desk, { id: 'U0ADA' });
    await expectNothing(desk, open, () => press(desk, open.card, 'approve'), refusedToAda);
    const [unsent] = await desk.database.owner`select 1 from agentdesk.outbox where sent_at is null`;
    expect(unsent).toBeUndefined();
    expect(cardNow(desk, open.card)).toEqual(before);
  });

  it('B9: rights are asked for when it is decided, not only when it was asked', async () => {
    for (const person of [{ is_restricted: true }, { deleted: true }, { team_id: 'T0OTHER' }]) {
      tellOf(desk, person);
      await expectNothing(desk, open, () => press(desk, open.card, 'approve'), {
        event: 'member:U0BEN access.refused not_allowed',
        words: 'You cannot do that',
      });
      tellTheTruth(desk);
    }
  });

  it('B3: who asked, who proposed and who decided are told apart in the audit', async () => {
    await press(desk, open.card, 'approve');
    await eventually('the effect', () => mailsSent(desk) === 1);
    await eventually('the card', () => cardNow(desk, open.card).text.startsWith('Done'));
    const rows = await desk.database.owner`
      select type, actor, member_id from agentdesk.audit_events where code = ${open.approval.code} order by id`;
    const actorOf = (type: string) => rows.find((row) => row['type'] === type)?.['actor'] as unknown;
    expect(actorOf('call.proposed')).toBe('agent:default');
    expect(actorOf('approval.requested')).toBe('agent:default');
    expect(actorOf('approval.decided')).toBe('member:U0BEN');
    expect(new Set(rows.map((row) => row['member_id'] as unknown))).toEqual(new Set(['U0BEN']));
  });

  it('B10: the one who has to decide is told, also when Slack does not take it at first', async () => {
    desk.world.faults.failNext('chat.postMessage', { status: 429, retryAfter: 1 });
    const from = await lastAudit(desk);
    const one = await ask(desk, model, mail({ subject: 'Told' }));
    expect(one.card.text).toBe(
      `Approval needed: Send an e-mail – “Told” to priya@acme.test (${one.approval.code})`,
    );
    expect(await statusOf(desk, one)).toBe('pending');
    const requested = (await auditAfter(desk, from)).filter(({ type }) => type === 'approval.requested');
    expect(requested).toHaveLength(1);
    expect(desk.world.violations()).toEqual([]);
  });
});
