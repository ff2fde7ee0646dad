import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY_LAYER, type LayerDocument } from '../../src/policy/rules/types.ts';
import { propose } from '../../src/policy/versions/propose.ts';
import { listVersions, readHead } from '../../src/policy/versions/read.ts';
import { activatePending } from '../../src/policy/versions/settle-pending.ts';
import type { Message } from '../../src/sandbox/slack/world.ts';
import { answerCommand } from '../../src/slack/commands/agentdesk.ts';
import { tellOperatorChange } from '../../src/slack/deliver/operator-change.ts';
import { findButton, textOf } from './look.ts';
import {
  ask,
  botMessages,
  cardNow,
  createProposer,
  eventually,
  imOf,
  mail,
  mailsSent,
  press,
} from './people.ts';
import { startWholeDesk, TEAM, type WholeDesk } from './whole-desk.ts';

const GRANTABLE: LayerDocument = { ...EMPTY_LAYER, grantable: ['gmail.messages.send'] };
const model = createProposer();
let desk: WholeDesk;

beforeAll(async () => {
  desk = await startWholeDesk(model);
  await desk.connect('U0BEN', 'ben@acme.test');
}, 60_000);
afterAll(async () => {
  expect(desk.world.violations().filter(({ error }) => error !== 'hash_conflict')).toEqual([]);
  await desk.stop();
});

const command = async (memberId: string, text: string): Promise<string> =>
  (await answerCommand(desk.deps, { workspaceId: TEAM, memberId, teamId: null }, text, imOf(memberId))).text;
const message = (words: string, memberId = 'U0BEN'): Promise<Message> =>
  eventually(words, () => botMessages(desk, memberId).find((one) => textOf(one).includes(words)));

/** What the operator's command does, over the queues of this desk. */
async function applyAsOperator(document: LayerDocument): Promise<number> {
  const { database, catalog, keyring, onMoved } = desk.deps.policy;
  const place = { workspaceId: TEAM, owner: '' };
  const { number } = await readHead(database.db, place);
  const onPending = (
    tx: Parameters<typeof tellOperatorChange>[0],
    version: Parameters<typeof tellOperatorChange>[2],
  ) => tellOperatorChange(tx, desk.deps.calls.jobs, version);
  const author = { memberId: 'operator', role: 'admin' } as const;
  const change = { ...place, baseVersion: number, document, author, source: 'cli' as const };
  return (await propose({ database, catalog, keyring, ...(onMoved && { onMoved }), onPending }, change))
    .number;
}

describe('what an operator loosens', () => {
  it('is told to the admins, and one of them takes it up, to approve it on a second device', async () => {
    await desk.world.openHome('U0BEN');
    const before = await eventually('a Home', () => desk.world.home('U0BEN'));
    const number = await applyAsOperator(GRANTABLE);
    await message(`/agentdesk policy review ${number}`, 'U0ADA');
    expect(await command('U0BEN', `policy review ${number}`)).toContain('only admins');
    expect(await command('U0ADA', 'policy review 7')).toContain('nothing an operator proposed');
    expect(await command('U0ADA', `policy review ${number}`)).toContain('I sent you the card');
    expect(await command('U0ADA', `policy review ${number}`)).toContain('took version');
    const { database } = desk.deps.policy;
    const place = { workspaceId: TEAM, owner: '' };
    expect((await readHead(database.db, place)).number).toBe(0);
    const asked = await eventually('its card', () =>
      botMessages(desk, 'U0ADA').find((one) => findButton(one, 'approve') !== null),
    );
    expect(textOf(asked)).toContain('Loosen the organisation’s policy');
    expect(textOf(asked)).toContain('Grants become possible for sending mail');
    expect(textOf(asked)).toContain('needs a click, then your second device');
    const [version] = await listVersions(database.db, place, { limit: 1 });
    await database.transaction((tx) =>
      activatePending(tx, desk.deps.policy, { versionId: version?.id ?? '', approvalId: version?.id ?? '' }),
    );
    // The Home of a member who had opened theirs is drawn anew.
    await eventually('Ben’s Home', () => desk.world.home('U0BEN')?.['hash'] !== before['hash']);
  });
});

describe('a grant in Slack', () => {
  it('is asked for from a done card, approved on its own, used, shown in Home and revoked', async () => {
    const first = await ask(desk, model, mail());
    expect(findButton(first.card, 'grant')).toBeNull();
    await press(desk, first.card, 'approve');
    const done = await eventually('it is done', () => {
      const now = cardNow(desk, first.card);
      return findButton(now, 'grant') !== null && now;
    });
    await press(desk, done, 'grant');
    const form = await eventually('the form', () => desk.world.view('U0BEN'));
    expect(JSON.stringify(form.view)).toContain('done again without asking');
    expect(JSON.stringify(form.view)).not.toContain('vary.to');
    const option = (value: string, text: string) => ({
      text: { type: 'plain_text', text, emoji: false },
      value,
    });
    await desk.world.submitView('U0BEN', form.id, {
      'vary.text': { value: { type: 'static_select', selected_option: option('free', 'anything') } },
    });
    await eventually('the answer', () =>
      JSON.stringify(desk.world.view('U0BEN')?.view).includes('I sent you the card'),
    );
    const card = await message('Allow again: Send an e-mail');
    expect(textOf(card)).toContain('Text (may vary)');
    await press(desk, card, 'approve');
    await eventually('it counts', () => textOf(cardNow(desk, card)).includes('It counts now'));
    const sent = mailsSent(desk);
    model.next = [mail({ text: 'Other words.' })];
    desk.world.say('U0BEN', imOf('U0BEN'), 'mail priya@acme.test the plan again');
    await eventually('a mail without asking', () => mailsSent(desk) === sent + 1);
    const listed = await command('U0BEN', 'grants');
    expect(listed).toMatch(
      /You allowed this up to 5 times until .* UTC: Send an e-mail, priya@acme\.test\. Used 1 of 5\./,
    );
    await desk.world.openHome('U0BEN');
    const home = await eventually('a Home', () => desk.world.home('U0BEN'));
    const tab = findButton(home, 'home_tab_approvals');
    if (tab === null) throw new Error('no tab');
    await desk.world.click('U0BEN', { home: true }, tab);
    const shown = await eventually('the grant in Home', () => {
      const view = desk.world.home('U0BEN');
      return view !== null && findButton(view, 'grant_revoke') !== null && view;
    });
    expect(JSON.stringify(shown)).toContain('used 1 of 5');
    const revoke = findButton(shown, 'grant_revoke');
    if (revoke === null) throw new Error('no button');
    await desk.world.click('U0BEN', { home: true }, revoke);
    await eventually('it is revoked', () =>
      JSON.stringify(desk.world.home('U0BEN')).includes('It is revoked'),
    );
    expect(await command('U0BEN', 'grants')).toContain('You allowed nothing in advance');
    expect(await command('U0BEN', 'grants revoke ABCD1234')).toContain('no such grant of yours');
    await ask(desk, model, mail({ text: 'Asked again.' }));
  });

  it('is offered after eight approvals in a week, and not once one was denied', async () => {
    await desk.database.owner`
      insert into agentdesk.calls select (json_populate_record(c, json_build_object('id', gen_random_uuid(), 'tool_call_id', 'again' || n, 'code', 'AGAIN' || n))).*
        from agentdesk.calls c, generate_series(1, 7) n where c.outcome = 'approve' and c.status = 'done'`;
    await desk.database.owner`
      insert into agentdesk.approvals select (json_populate_record(a, json_build_object('id', gen_random_uuid(), 'call_id', c.id, 'proof_jti', null))).*
        from agentdesk.approvals a, agentdesk.calls c where a.kind = 'call' and a.status = 'approved' and c.code like 'AGAIN%'`;
    const home = async (): Promise<string> => {
      await desk.world.openHome('U0BEN');
      const tab = findButton(desk.world.home('U0BEN'), 'home_tab_approvals');
      if (tab === null) throw new Error('no tab');
      await desk.world.click('U0BEN', { home: true }, tab);
      return eventually('the tab', () => {
        const text = JSON.stringify(desk.world.home('U0BEN'));
        return text.includes('Decided lately') && text;
      });
    };
    await eventually('an offer', async () =>
      (await home()).includes('You approved “Send an e-mail, priya@acme.test” 8 times this week'),
    );
    await desk.database
      .owner`update agentdesk.approvals set status = 'denied' where kind = 'call' and status = 'pending'`;
    await eventually('no offer', async () => !(await home()).includes('times this week'));
  });
});
