import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expireDue } from '../../src/approvals/expire.ts';
import { enter, expectNothing, tellOf, tellTheTruth, untilQuiet, type Json } from './clicks.ts';
import {
  ask,
  attempt,
  auditAfter,
  cardNow,
  createProposer,
  eventually,
  imOf,
  lastAudit,
  mail,
  mailsSent,
  statusOf,
  whispersTo,
  type Asked,
} from './people.ts';
import { textOf } from './look.ts';
import { TEAM, type WholeDesk } from './whole-desk.ts';

const model = createProposer();
let desk: WholeDesk;
let open: Asked;

const type = (text: string, memberId = 'U0BEN') =>
  desk.world.slash(memberId, imOf(memberId), '/agentdesk', text);
const typeAs = (payload: Json): void => {
  desk.gateway.onPayload = (before) => ({ ...before, ...payload });
};
const UNKNOWN = 'There is no open approval with that code';
const STRANGER = 'you belong to another workspace';

/** What Slack said of Ben is remembered for a minute, for what is no decision; here it is asked anew. */
async function recover(): Promise<void> {
  tellTheTruth(desk);
  await desk.deps.directory.checkClicker({ workspaceId: TEAM, memberId: 'U0BEN', teamId: null });
}

describe('a typed decision', () => {
  beforeAll(async () => {
    desk = await enter(model);
    open = await ask(desk, model, mail());
  });
  afterEach(recover);
  afterAll(() => desk.stop());

  const verbs = ['approve', 'deny'] as const;

  const people: [string, Json, Json | null, string, string][] = [
    ['another member', { user_id: 'U0ADA' }, null, 'U0ADA approval.refused not_yours', 'Only <@U0BEN>'],
    ['someone Slack does not know', { user_id: 'U0EVE' }, null, 'U0EVE access.refused not_allowed', STRANGER],
    ['a guest', {}, { is_restricted: true }, 'U0BEN access.refused not_allowed', 'guests cannot decide'],
    ['one who is deactivated', {}, { deleted: true }, 'U0BEN access.refused not_allowed', 'is deactivated'],
    ['a bot', {}, { is_bot: true }, 'U0BEN access.refused not_allowed', 'bots cannot use AgentDesk'],
    ['a Slack Connect stranger', {}, { is_stranger: true }, 'U0BEN access.refused not_allowed', STRANGER],
    [
      'a member of another workspace',
      {},
      { team_id: 'T0OTHER' },
      'U0BEN access.refused not_allowed',
      STRANGER,
    ],
    [
      'a workspace without AgentDesk',
      { team_id: 'T0OTHER' },
      null,
      'U0BEN access.refused not_allowed',
      STRANGER,
    ],
    [
      'an organisation without AgentDesk',
      { enterprise_id: 'E0OTHER', is_enterprise_install: 'true' },
      null,
      'U0BEN access.refused not_allowed',
      STRANGER,
    ],
  ];

  it.each(people.flatMap(([who, ...rest]) => verbs.map((verb) => [who, verb, ...rest] as const)))(
    'of %s to %s: no decision, one sentence, one event',
    async (_, verb, payload, told, event, words) => {
      typeAs(payload);
      if (told !== null) tellOf(desk, told);
      await expectNothing(desk, open, () => type(`${verb} ${open.approval.code}`), {
        event: `member:${event}`,
        words,
      });
    },
  );

  it.each([
    '00000000',
    'all',
    '*',
    '%',
    '_',
    'pending',
    "'--",
    `x${'y'.repeat(2_000)}`,
    '<@U0ADA>',
    '\u202e',
    '5f10c1cf-2029-4ad0-b200-714108dfb8b2',
  ])('with the code %j: no decision, one sentence, one event', async (code) => {
    for (const verb of verbs) {
      await expectNothing(desk, open, () => type(`${verb} ${code}`), {
        event: 'member:U0BEN approval.refused approval_unknown',
        words: UNKNOWN,
      });
    }
  });

  it('with the id of the approval, which is no code: no decision, one sentence, one event', async () => {
    await expectNothing(desk, open, () => type(`approve ${open.approval.id}`), {
      event: 'member:U0BEN approval.refused approval_unknown',
      words: UNKNOWN,
    });
  });

  it('after stop, expiry and the decision itself: no decision, one sentence, one event', async () => {
    const other = await ask(desk, model, mail({ subject: 'Expires' }));
    await desk.database.owner`
      update agentdesk.approvals set expires_at = now() - interval '1 second' where id = ${other.approval.id}`;
    const late = (code: string, words: string) =>
      expectNothing(desk, open, () => type(`approve ${other.approval.code}`), {
        event: `member:U0BEN approval.refused ${code}`,
        words,
      });
    await late('approval_expired', 'Nobody approved it in time');
    await expireDue(desk.deps.calls.approvals);
    await eventually('the card', () => cardNow(desk, other.card).text.startsWith('Expired'));
    await late('already_decided', 'Already expired by AgentDesk');

    const stopped = await ask(desk, model, mail({ subject: 'Stopped' }));
    desk.world.stopSession('U0BEN', imOf('U0BEN'), stopped.card.thread_ts ?? '');
    await eventually('the card', () => cardNow(desk, stopped.card).text.startsWith('Cancelled'));
    await eventually('the end of the turn', async () => {
      const rows = await desk.database.owner`select 1 from agentdesk.inbox where processed_at is null`;
      return rows.length === 0;
    });
    for (const verb of verbs) {
      await expectNothing(desk, open, () => type(`${verb} ${stopped.approval.code}`), {
        event: 'member:U0BEN approval.refused already_decided',
        words: 'Already cancelled by <@U0BEN>',
      });
    }
  });

  it('of what does not fit a card is refused until its last page was opened', async () => {
    const long = await ask(desk, model, mail({ text: 'word '.repeat(2_000) }));
    await expectNothing(desk, open, () => type(`approve ${long.approval.code}`), {
      event: 'member:U0BEN approval.refused not_allowed',
      words: 'open "Show everything" to its last page first',
    });
    expect(await statusOf(desk, long)).toBe('pending');
    await type(`deny ${long.approval.code} too long`);
    await eventually('the card', () => cardNow(desk, long.card).text.startsWith('Denied'));
    await untilOthersQuiet();
  });

  it('to deny carries its reason, shown as it was written and to nobody else', async () => {
    const other = await ask(desk, model, mail({ subject: 'Reasons' }));
    await type(`deny ${other.approval.code} <!channel> *no* \`x\` ${'y'.repeat(900)}`);
    const card = await eventually('the card', () => {
      const now = cardNow(desk, other.card);
      return now.text.startsWith('Denied') && now;
    });
    expect(textOf(card)).toContain('<!channel> *no* `x` yyy');
    const [row] = await desk.database
      .owner`select reason from agentdesk.approvals where id = ${other.approval.id}`;
    expect(String(row?.['reason'])).toHaveLength(500);
    await untilOthersQuiet();
  });

  it('two at once: one decision, one event and one sentence for the other', async () => {
    const other = await ask(desk, model, mail({ subject: 'Twice' }));
    const [from, said] = [await lastAudit(desk), whispersTo(desk).length];
    await Promise.all([type(`approve ${other.approval.code}`), type(`deny ${other.approval.code}`)]);
    await eventually('both sentences', () => whispersTo(desk).length === said + 2);
    const events = (await auditAfter(desk, from)).map((line) => line.type);
    expect(events.filter((line) => line === 'approval.decided')).toHaveLength(1);
    expect(events.filter((line) => line === 'approval.refused')).toHaveLength(1);
    expect(
      whispersTo(desk)
        .slice(said)
        .filter((line) => line.includes('Already ')),
    ).toHaveLength(1);
    await untilOthersQuiet();
  });

  it('in lower case, with letters that look alike, counts for the one whose it is', async () => {
    const sent = mailsSent(desk);
    const typed = open.approval.code.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
    await type(`approve ${typed}`);
    await eventually('the effect', () => mailsSent(desk) === sent + 1);
    expect(desk.world.violations().filter(({ error }) => error !== 'user_not_found')).toEqual([]);
  });

  /** The turn of {@link open} waits all the while. */
  async function untilOthersQuiet(): Promise<void> {
    await eventually('nothing left to do', async () => {
      const [work] = await desk.database.owner`select 1 from agentdesk.inbox where processed_at is null`;
      const [running] = await desk.database.owner`
        select 1 from agentdesk.turns where status in ('queued', 'running')`;
      return work === undefined && running === undefined;
    });
  }
});

describe('a batch of codes', () => {
  beforeAll(async () => {
    desk = await enter(model);
  });
  afterEach(recover);
  afterAll(() => desk.stop());

  it('passes every gate for each code by itself, and decides only what passes', async () => {
    const theirs = await ask(desk, model, mail({ subject: 'Ada’s' }), 'U0ADA');
    const mine = await ask(desk, model, mail({ subject: 'Mine' }));
    const kept = await ask(desk, model, mail({ subject: 'Not named' }));
    const long = await ask(desk, model, mail({ text: 'word '.repeat(2_000) }));
    const denied = await ask(desk, model, mail({ subject: 'Denied before' }));
    await type(`deny ${denied.approval.code}`);
    await eventually('the card', () => cardNow(desk, denied.card).text.startsWith('Denied'));
    await eventually('nothing left to do', async () => {
      const [work] = await desk.database.owner`select 1 from agentdesk.inbox where processed_at is null`;
      return work === undefined;
    });
    const [from, said] = [await lastAudit(desk), whispersTo(desk).length];
    const codes = [theirs, mine, long, denied].map(({ approval }) => approval.code);
    await type(`approve ${codes.join(' ')} 00000000 ${mine.approval.code}`);
    await eventually('the effect', () => mailsSent(desk) === 1);
    await eventually('the sentence', () => whispersTo(desk).length > said);
    const events = await auditAfter(desk, from);
    expect(events.filter((line) => line.type === 'approval.refused').map((line) => line.outcome)).toEqual([
      'not_yours',
      'not_allowed',
      'already_decided',
      'approval_unknown',
    ]);
    expect(events.filter((line) => line.type === 'approval.decided')).toHaveLength(1);
    const [answer, ...others] = whispersTo(desk).slice(said);
    expect(others).toEqual([]);
    expect(answer?.split('\n')).toHaveLength(5);
    expect(await statusOf(desk, kept)).toBe('pending');
    expect(await statusOf(desk, long)).toBe('pending');
    expect(await statusOf(desk, theirs)).toBe('pending');
    expect(await statusOf(desk, mine)).toBe('approved');
    const [row] = await desk.database.owner`
      select decided_from from agentdesk.approvals where id = ${mine.approval.id}`;
    expect(row?.['decided_from']).toBe('batch');
  });

  it('by a guest decides none: one event each', async () => {
    const one = await ask(desk, model, mail({ subject: 'One' }));
    const two = await ask(desk, model, mail({ subject: 'Two' }));
    tellOf(desk, { is_restricted: true });
    const { audit, whispers, mails } = await attempt(desk, () =>
      type(`approve ${one.approval.code} ${two.approval.code}`),
    );
    const refused = 'member:U0BEN access.refused not_allowed';
    expect({ audit, mails, answers: whispers.length }).toEqual({
      audit: [refused, refused],
      mails: 0,
      answers: 1,
    });
    expect([await statusOf(desk, one), await statusOf(desk, two)]).toEqual(['pending', 'pending']);
  });

  it('has no word for everything, and a limit', async () => {
    const sent = mailsSent(desk);
    await untilSaid(() => type('approve all pending *'), 3);
    await untilSaid(
      () => type(`approve ${Array.from({ length: 11 }, (_, n) => `0000000${n}`).join(' ')}`),
      1,
    );
    expect(whispersTo(desk).at(-1)).toContain('Name at most 10 codes');
    expect(mailsSent(desk)).toBe(sent);
    await untilQuietEnough();
  });

  async function untilSaid(run: () => Promise<unknown>, lines: number): Promise<void> {
    const said = whispersTo(desk).length;
    await run();
    await eventually('an answer', () => whispersTo(desk).length === said + 1);
    expect(whispersTo(desk).at(-1)?.split('\n')).toHaveLength(lines);
  }

  async function untilQuietEnough(): Promise<void> {
    await type('stop');
    await type('stop', 'U0ADA');
    await untilQuiet(desk);
    expect(desk.world.violations()).toEqual([]);
  }
});
