import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  clickAs,
  enter,
  expectNothing,
  GATED,
  refusedBy,
  tellOf,
  tellTheTruth,
  type Json,
} from './clicks.ts';
import {
  ask,
  createProposer,
  eventually,
  mail,
  mailsSent,
  press,
  statusOf,
  whispersTo,
  type Asked,
} from './people.ts';
import { startWholeDesk, type WholeDesk } from './whole-desk.ts';

const model = createProposer();
let desk: WholeDesk;
/** A card of Ben's. */
let open: Asked;

const STRANGER = 'you belong to another workspace';

describe('who may click on a card', () => {
  beforeAll(async () => {
    desk = await enter(model);
    open = await ask(desk, model, mail());
  });
  afterEach(() => tellTheTruth(desk));
  afterAll(() => desk.stop());

  /** Name, who clicks, what Slack says of them, what they are told. */
  const people: [string, Json, Json | null, string][] = [
    ['another member', { id: 'U0ADA' }, null, 'Only <@U0BEN> can decide this.'],
    ['someone Slack does not know', { id: 'U0EVE' }, null, STRANGER],
    ['the member, a guest by now,', {}, { is_restricted: true }, 'guests cannot decide'],
    [
      'a single-channel guest',
      {},
      { is_restricted: true, is_ultra_restricted: true },
      'guests cannot decide',
    ],
    ['the member, deactivated by now,', {}, { deleted: true }, 'this account is deactivated'],
    ['a bot', {}, { is_bot: true }, 'bots cannot use AgentDesk'],
    ['Slackbot', { id: 'USLACKBOT' }, {}, 'bots cannot use AgentDesk'],
    ['a Slack Connect stranger', {}, { is_stranger: true }, STRANGER],
    ['a member of another workspace', {}, { team_id: 'T0OTHER' }, STRANGER],
    [
      'a member of another organisation',
      {},
      { team_id: 'T0OTHER', enterprise_user: { enterprise_id: 'E0OTHER' } },
      STRANGER,
    ],
    ['the same user id with another team in the payload', { team_id: 'T0OTHER' }, null, STRANGER],
  ];
  const cases = people.flatMap(([who, ...rest]) => GATED.map((action) => [who, action, ...rest] as const));

  it.each(cases)(
    '%s presses %s: no decision, one sentence, one event',
    async (_, action, user, told, words) => {
      clickAs(desk, user);
      if (told !== null) tellOf(desk, told);
      const { id = 'U0BEN' } = user as { id?: string };
      const refusal =
        id === 'U0ADA' ? `${refusedBy(action)} not_yours` : `${refusedBy(action, 'always')} not_allowed`;
      // The sentence goes back where the click came from, whoever it names.
      await expectNothing(desk, open, () => press(desk, open.card, action), {
        event: `member:${id} ${refusal}`,
        words,
      });
      expect(desk.world.view('U0BEN')).toBeNull();
    },
  );

  it.each<[string, Json]>([
    ['by its team', { team: { id: 'T0OTHER', domain: 'other' } }],
    [
      'by its team in an organisation',
      { team: { id: 'T0OTHER', enterprise_id: 'E0X' }, enterprise: { id: 'E0X' } },
    ],
    ['by its organisation', { team: null, enterprise: { id: 'E0OTHER' }, is_enterprise_install: true }],
  ])(
    'a click from a workspace where AgentDesk is not installed, %s: no decision, one sentence, one event of ours',
    async (_, payload) => {
      clickAs(desk, { team_id: 'T0OTHER' }, payload);
      await expectNothing(desk, open, () => press(desk, open.card, 'approve'), {
        event: 'member:U0BEN access.refused not_allowed',
        words: STRANGER,
      });
      const [row] = await desk.database.owner`
        select workspace_id, detail->>'team' as team from agentdesk.audit_events order by id desc limit 1`;
      expect(row?.['workspace_id']).toBe('T0SANDBOX');
      expect(row?.['team']).toMatch(/^[TE]0OTHER$/);
    },
  );

  it('nobody decides while Slack cannot be asked who clicks, and a sentence says so', async () => {
    desk.world.faults.failNext('users.info', { error: 'internal_error' }, 2);
    for (const action of ['approve', 'edit']) {
      const said = whispersTo(desk).length;
      await press(desk, open.card, action);
      await eventually('a sentence', () => whispersTo(desk).length === said + 1);
      expect(whispersTo(desk).at(-1)).toContain('Something went wrong on our side');
    }
    expect(await statusOf(desk, open)).toBe('pending');
  });

  it('after all of it the card is still good for the one whose it is', async () => {
    await press(desk, open.card, 'approve');
    await eventually('the effect', () => mailsSent(desk) === 1);
    // Asking who a stranger is, is what Slack refuses here.
    expect(desk.world.violations().filter(({ error }) => error !== 'user_not_found')).toEqual([]);
  });
});

describe('in an organisation of many workspaces', () => {
  beforeAll(async () => {
    desk = await startWholeDesk(model, { self: { enterprise_id: 'E0ORG', is_enterprise_install: false } });
    await desk.connect('U0BEN', 'ben@acme.test');
    open = await ask(desk, model, mail());
  });
  afterEach(() => tellTheTruth(desk));
  afterAll(() => desk.stop());

  it.each<[string, Json]>([
    ['another organisation', { team_id: 'T0OTHER', enterprise_user: { enterprise_id: 'E0OTHER' } }],
    ['no organisation', { team_id: 'T0OTHER' }],
    [
      'the organisation, but as a guest',
      { enterprise_user: { enterprise_id: 'E0ORG' }, is_restricted: true },
    ],
  ])('a click by a person of %s: no decision, one sentence, one event', async (_, person) => {
    tellOf(desk, person);
    clickAs(desk, { team_id: 'T0OTHER' });
    await expectNothing(desk, open, () => press(desk, open.card, 'approve'), {
      event: 'member:U0BEN access.refused not_allowed',
      words: 'You cannot do that',
    });
  });

  it('a click by the member counts, though their home in the organisation is another workspace', async () => {
    tellOf(desk, { team_id: 'T0SISTER', enterprise_user: { enterprise_id: 'E0ORG' } });
    clickAs(desk, { team_id: 'T0SISTER' });
    await press(desk, open.card, 'approve');
    await eventually('the effect', () => mailsSent(desk) === 1);
  });
});
