import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listVersions, readHead } from '../../src/policy/versions/read.ts';
import { checkMessageBlocks } from '../../src/sandbox/slack/blocks/check.ts';
import { answerCommand } from '../../src/slack/commands/agentdesk.ts';
import { createSlackDesk, TEAM, type SlackDesk } from './desk.ts';
import { findButton } from './look.ts';
import { createPolicyHand } from './policy-kit.ts';
import { storePast } from './past-calls.ts';

let desk: SlackDesk;
let hand: ReturnType<typeof createPolicyHand>;
const ORGANISATION = { workspaceId: TEAM, owner: '' };

beforeAll(async () => {
  desk = await createSlackDesk(() => Promise.resolve({ status: 'done', reply: 'ok' }));
  hand = createPolicyHand(desk);
});
afterEach(() => {
  expect(desk.world.violations().filter(({ error }) => error !== 'hash_conflict')).toEqual([]);
});
afterAll(() => desk.stop());

const text = (value: string) => ({ text: { type: 'plain_text_input', value } }) as never;
const type = async (memberId: string, words: string): Promise<string> => {
  const actor = { workspaceId: TEAM, memberId, teamId: null };
  const reply = await answerCommand(desk.deps, actor, `policy ${words}`, 'D0');
  expect(checkMessageBlocks(reply.blocks ?? [])).toEqual([]);
  return `${reply.text} ${JSON.stringify(reply.blocks ?? [])}`;
};

describe('a rule in words', () => {
  it('is shown back as a sentence and as Cedar, tried on the past, saved, and obeyed', async () => {
    await storePast(desk, 'U0BEN', ['acme.test', 'rival.example', 'rival.example']);
    const tab = await hand.openPolicy('U0ADA', 'organisation');
    await hand.press('U0ADA', tab, 'policy_say');
    const { id } = await hand.modal('U0ADA', 'Say it in words');
    await desk.world.submitView('U0ADA', id, { sentence: text('Never mail strangers') });
    await hand.modal('U0ADA', 'Who is a stranger');
    await desk.world.submitView('U0ADA', id, { sentence: text('Never mail anyone outside acme.test') });
    const { view } = await hand.modal('U0ADA', 'Never send mail when a recipient is outside acme.test.');
    const shown = JSON.stringify(view);
    expect(shown).toContain('Would change 2 of 3: 2 now denied.');
    expect(shown).toContain('forbid (principal, action in [Action::');
    expect(shown).toContain('It takes effect at once.');
    await hand.submit('U0ADA', 'Would change 2 of 3');
    await hand.home('U0ADA', 'is at version 1 now');
    const [version] = await listVersions(desk.deps.policy.database.db, ORGANISATION, { limit: 1 });
    expect(version).toMatchObject({ source: 'language', status: 'active' });
    expect(version?.document.rules[0]).toMatchObject({ note: 'Never mail anyone outside acme.test' });
    const outside = { recipients: ['x@rival.example'] };
    expect(await hand.decide('U0BEN', 'gmail.messages.send', outside)).toBe('deny');
    expect(await hand.decide('U0BEN', 'gmail.messages.send', { recipients: ['x@acme.test'] })).toBe(
      'approve',
    );
    // What an admin saw of others' calls is in the audit.
    const reads = await desk.database.owner`
      select 1 from agentdesk.audit_events where type = 'audit.read' and target = 'replay' and actor = 'member:U0ADA'`;
    expect(reads).toHaveLength(1);
  });

  it('is shown before it is tried when that takes long, and drawn anew when it is known', async () => {
    await hand.openPolicy('U0BEN');
    const sql = desk.database.owner;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let locked = (): void => undefined;
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const blocking = sql.begin(async (tx) => {
      await tx`lock table agentdesk.calls in access exclusive mode`;
      locked();
      await held;
    });
    await isLocked;
    await hand.choose('U0BEN', 'gmail.drafts.create', 'deny');
    const { id } = await hand.modal('U0BEN', 'Trying it on what was really asked for');
    release();
    await blocking;
    await hand.modal('U0BEN', 'Would change 0 of 3.');
    desk.world.closeView('U0BEN', id);
  });

  it('is understood in a command too, and saved only by the form it leads to', async () => {
    const said = await type('U0BEN', 'say ask me on my phone before inviting more than 10 people');
    expect(said).toContain(
      'Ask on a second device before creating calendar events or changing calendar events',
    );
    expect(said).toContain('Nothing is saved yet.');
    expect(said).toContain('policy_said');
    expect((await readHead(desk.deps.policy.database.db, { workspaceId: TEAM, owner: 'U0BEN' })).number).toBe(
      0,
    );
    expect(await type('U0BEN', 'say org never send mail')).toContain('only admins change');
    expect(await type('U0BEN', 'say purple monkey')).toContain('I do not understand “purple monkey”');
    expect(await type('U0BEN', 'say always allow mail')).toContain('never allow more');
    expect(await type('U0GUS', 'say never send mail')).toContain('guests cannot');
  });

  it('comes from a forged button no better than from a form', async () => {
    const forged = {
      action_id: 'policy_said',
      value: JSON.stringify({ scope: 'organisation', rule: { outcome: 'allow' } }),
    };
    await hand.openPolicy('U0ADA', 'organisation');
    const home = desk.world.home('U0ADA') as { blocks: { elements?: unknown[] }[] };
    expect(findButton(home, 'policy_said')).toBeNull();
    expect(
      await type(
        'U0ADA',
        `import org ${JSON.stringify({ v: 1, rules: [JSON.parse(forged.value).rule], agents: [], grantable: [] })}`,
      ),
    ).toContain('This policy is not usable');
  });
});

describe('a rule that is there', () => {
  const RULE = { id: 'r1', outcome: 'approve', agents: [], who: { roles: [], groups: [] }, actions: ['gmail.messages.send'], note: '',
    conditions: [{ kind: 'recipient_domain', match: 'any_in', domains: ['rival.example'] }] }; // prettier-ignore
  const IMPORT = JSON.stringify({ v: 1, rules: [RULE], agents: [], grantable: [] });

  it('is found by its text, changed in its place, and exported and imported whole', async () => {
    expect(await type('U0BEN', `import ${IMPORT}`)).toContain('is at version 1 now');
    expect(await type('U0BEN', 'rules')).toContain(
      'r1: Ask before sending mail when a recipient is at rival.example.',
    );
    expect(await type('U0BEN', 'find rival')).toContain('r1: ');
    expect(await type('U0BEN', 'find zebra')).toContain('Nothing here has that');
    const tab = await hand.openPolicy('U0BEN');
    await hand.press('U0BEN', tab, 'policy_edit');
    const { id, view } = await hand.modal('U0BEN', 'Change a rule');
    expect(JSON.stringify(view)).toContain('"initial_value":"rival.example"');
    const values = {
      recipient_at: { policy_rule_part: { type: 'plain_text_input', value: 'rival.example, other.example' } },
    };
    await desk.world.submitView('U0BEN', id, values);
    await hand.submit('U0BEN', 'Rule changed: Ask before sending mail when a recipient is at rival.example.');
    await hand.home('U0BEN', 'is at version 2 now');
    const { document } = await readHead(desk.deps.policy.database.db, { workspaceId: TEAM, owner: 'U0BEN' });
    expect(document.rules).toMatchObject([
      { id: 'r1', conditions: [{ domains: ['rival.example', 'other.example'] }] },
    ]);

    expect(await type('U0BEN', 'export')).toContain('are in our direct message');
    const files = desk.world
      .messages('D0BEN', 'U0BEN')
      .flatMap((message) => (message as { files?: { name: string }[] }).files ?? []);
    expect(files.map(({ name }) => name)).toEqual([
      'agentdesk-my-policy-2.json',
      'agentdesk-my-policy-2.cedar',
    ]);

    // The form: what loosens waits for its approval, like any change.
    await hand.press('U0BEN', await hand.openPolicy('U0BEN'), 'policy_import');
    const form = await hand.modal('U0BEN', 'Import a policy');
    const wrong = await desk.world.submitView('U0BEN', form.id, { json: text('{"v":1') });
    expect(JSON.stringify(wrong.errors)).toContain('cannot be read as JSON');
    await desk.world.submitView('U0BEN', form.id, { json: text(IMPORT) });
    await hand.submit('U0BEN', 'It needs your approval on your second device first');
    await hand.home('U0BEN', 'Version 3 waits for your approval');
    const [version] = await listVersions(
      desk.deps.policy.database.db,
      { workspaceId: TEAM, owner: 'U0BEN' },
      { limit: 1 },
    );
    expect(version).toMatchObject({ source: 'import', status: 'pending', parent: 2 });
    expect(await type('U0BEN', 'change r1 never mail anyone at rival.example')).toContain(
      'Never send mail when a recipient is at rival.example.',
    );
    expect(await type('U0BEN', 'change r9 never send mail')).toContain('is not there any more');
    expect(await type('U0BEN', 'change r1')).toContain('Write it as');
    expect(await type('U0BEN', 'remove r1')).toContain('Version 4 waits for your approval');
  });

  it('is looked for in the tab', async () => {
    await hand.openPolicy('U0BEN');
    const blocks = (desk.world.home('U0BEN')?.['blocks'] ?? []) as {
      block_id?: string;
      element?: { action_id: string };
    }[];
    const search = blocks.find(({ element }) => element?.action_id === 'policy_find');
    await desk.world.click(
      'U0BEN',
      { home: true },
      { block_id: String(search?.block_id), action_id: 'policy_find', value: 'rival' },
    );
    const found = JSON.stringify(await hand.home('U0BEN', '"initial_value":"rival"'));
    expect(found).toContain('at rival.example');
    expect(found).not.toContain('calendar.events.insert');
  });
});
