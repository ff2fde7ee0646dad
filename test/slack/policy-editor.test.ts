import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkMessageBlocks } from '../../src/sandbox/slack/blocks/check.ts';
import { answerCommand } from '../../src/slack/commands/agentdesk.ts';
import { listVersions, readHead } from '../../src/policy/versions/read.ts';
import { createSlackDesk, TEAM, type SlackDesk } from './desk.ts';
import { findButton, until } from './look.ts';
import { createPolicyHand } from './policy-kit.ts';

const ORGANISATION = { workspaceId: TEAM, owner: '' };
let desk: SlackDesk;
let hand: ReturnType<typeof createPolicyHand>;

beforeAll(async () => {
  desk = await createSlackDesk(() => Promise.resolve({ status: 'done', reply: 'ok' }));
  hand = createPolicyHand(desk);
});
beforeEach(async () => {
  await desk.database.owner`truncate agentdesk.policy_versions, agentdesk.policy_heads, agentdesk.approvals`;
});
afterEach(() => {
  desk.world.setUser('U0BEN', { isAdmin: false });
  // Of two draws of Home at once Slack takes one.
  expect(desk.world.violations().filter(({ error }) => error !== 'hash_conflict')).toEqual([]);
});
afterAll(() => desk.stop());

const headOf = async (owner = '') =>
  (await readHead(desk.deps.policy.database.db, { workspaceId: TEAM, owner })).number;
const refusals = async (): Promise<string[]> => {
  const rows = await desk.database.owner<{ line: string }[]>`
    select actor || ' ' || type || ' ' || outcome as line from agentdesk.audit_events
    where type in ('access.refused', 'policy.refused') order by agentdesk.audit_events.id`;
  return rows.map(({ line }) => line);
};

/** The admin has the organisation ask on a second device for new issues. */
async function tightenIssues(): Promise<void> {
  await hand.openPolicy('U0ADA', 'organisation');
  await hand.choose('U0ADA', 'github.issues.create', 'approve_strong');
  await hand.submit('U0ADA', 'It takes effect at once.');
  await hand.home('U0ADA', 'is at version 1 now');
}

describe('the Policy tab', () => {
  it('lets an admin tighten the organisation’s policy; the very next decision obeys', async () => {
    expect(await hand.decide('U0BEN', 'github.issues.create')).toBe('approve');
    await tightenIssues();
    expect(await hand.decide('U0BEN', 'github.issues.create')).toBe('approve_strong');
    const [version] = await listVersions(desk.deps.policy.database.db, ORGANISATION, { limit: 1 });
    expect(version).toMatchObject({ number: 1, author: 'U0ADA', status: 'active', source: 'editor' });
    expect(version?.document.rules[0]?.id).toBe('set.github.issues.create');
    // Ben sees who set it, and cannot go below it.
    await hand.openPolicy('U0BEN');
    const shown = JSON.stringify(hand.findSelect('U0BEN', 'github.issues.create'));
    expect(shown).toContain('Set by your organisation');
    expect(shown).not.toContain('"approve"');
    expect(shown).toContain('"deny"');
  });

  it('lets a member tighten for themselves alone', async () => {
    await hand.openPolicy('U0BEN');
    await hand.choose('U0BEN', 'gmail.messages.send', 'deny');
    await hand.submit('U0BEN', 'for you alone');
    await hand.home('U0BEN', 'Your policy is at version 1 now');
    expect(JSON.stringify(hand.findSelect('U0BEN', 'gmail.messages.send'))).toContain('Set by you');
    expect(await hand.decide('U0BEN', 'gmail.messages.send')).toBe('deny');
    expect(await hand.decide('U0ADA', 'gmail.messages.send')).toBe('approve');
  });

  it('shows a member the organisation’s rules without a choice, and takes none that is forged', async () => {
    await tightenIssues();
    const before = await refusals();
    await hand.openPolicy('U0BEN', 'organisation');
    expect(hand.findSelect('U0BEN', 'github.issues.create')).toBeNull();
    // A view as it was drawn while Ben was an admin, used when he is none any more.
    desk.world.setUser('U0BEN', { isAdmin: true });
    await hand.openPolicy('U0BEN', 'organisation');
    desk.world.setUser('U0BEN', { isAdmin: false });
    await hand.choose('U0BEN', 'github.issues.create', 'default');
    await hand.home('U0BEN', 'only admins change the organisation');
    expect((await refusals()).slice(before.length)).toEqual(['member:U0BEN access.refused not_allowed']);
    expect([await headOf(), desk.world.view('U0BEN')]).toEqual([1, null]);
  });

  it('checks again who may, when the form is sent', async () => {
    desk.world.setUser('U0BEN', { isAdmin: true });
    await hand.openPolicy('U0BEN', 'organisation');
    await hand.choose('U0BEN', 'gmail.messages.send', 'deny');
    await hand.modal('U0BEN', 'for everyone');
    desk.world.setUser('U0BEN', { isAdmin: false });
    const before = await refusals();
    await hand.submit('U0BEN', 'for everyone');
    await hand.modal('U0BEN', 'only admins change the organisation');
    expect((await refusals()).slice(before.length)).toEqual(['member:U0BEN access.refused not_allowed']);
    expect(await headOf()).toBe(0);
    desk.world.closeView('U0BEN', desk.world.view('U0BEN')?.id ?? '');
  });

  it('has nothing to edit for a guest', async () => {
    const tab = await hand.openPolicy('U0GUS');
    const controls = ['policy_mine', 'policy_organisation', 'policy_history', 'policy_add', 'policy_set'];
    expect(controls.map((id) => findButton(tab, id))).toEqual(controls.map(() => null));
    expect(JSON.stringify(tab)).toContain('gmail.messages.send: never done');
  });

  it('tells the second of two admins who changed it, and keeps what they wanted', async () => {
    desk.world.setUser('U0BEN', { isAdmin: true });
    await hand.openPolicy('U0BEN', 'organisation');
    await hand.choose('U0BEN', 'gmail.messages.send', 'approve_strong');
    await hand.modal('U0BEN', 'for everyone');
    await tightenIssues();
    await hand.submit('U0BEN', 'for everyone');
    await hand.modal('U0BEN', 'The policy was changed meanwhile by <@U0ADA>');
    expect(await headOf()).toBe(1);
    await hand.submit('U0BEN', 'was changed meanwhile');
    await hand.home('U0BEN', 'is at version 2 now');
    expect(await hand.decide('U0BEN', 'gmail.messages.send')).toBe('approve_strong');
    expect(await hand.decide('U0BEN', 'github.issues.create')).toBe('approve_strong');
  });

  it('has a change that loosens wait for an approval, on a card', async () => {
    await tightenIssues();
    await hand.choose('U0ADA', 'github.issues.create', 'default');
    const { view } = await hand.modal('U0ADA', 'It needs your approval on your second device first');
    expect(JSON.stringify(view)).toContain('"level":"warning"');
    await hand.submit('U0ADA', 'Rule removed');
    await hand.home('U0ADA', 'Version 2 waits for your approval');
    const card = await until(() =>
      desk.world.messages('D0ADA', 'U0ADA').find((one) => findButton(one, 'approve')),
    );
    expect(JSON.stringify(card.blocks)).toContain('Loosen the organisation’s policy');
    expect(await headOf()).toBe(1);
    expect(await hand.decide('U0BEN', 'github.issues.create')).toBe('approve_strong');
    await hand.home('U0ADA', 'Version 2 waits for its approval: Rule removed');
  });
});

describe('the history', () => {
  it('lists versions with who, when and what, and goes back by a version of its own', async () => {
    await tightenIssues();
    await hand.choose('U0ADA', 'github.issues.create', 'deny');
    await hand.submit('U0ADA', 'Rule changed');
    const tab = await hand.home('U0ADA', 'is at version 2 now');
    await hand.press('U0ADA', tab, 'policy_history');
    const { id, view } = await hand.modal('U0ADA', 'Version 2');
    expect(JSON.stringify(view)).toMatch(
      /Version 1.*was in force.*U0ADA.* UTC.*New rule: Ask on a second device/,
    );
    await hand.press('U0ADA', view, 'policy_rollback', id);
    await hand.submit('U0ADA', 'Ask for approval');
    await hand.home('U0ADA', 'Version 3 waits for your approval');
    const [version] = await listVersions(desk.deps.policy.database.db, ORGANISATION, { limit: 1 });
    expect(version).toMatchObject({ number: 3, parent: 2, source: 'rollback', status: 'pending' });
    expect(await headOf()).toBe(2);
  });

  it('has no button for who may only read it', async () => {
    await tightenIssues();
    await hand.press('U0BEN', await hand.openPolicy('U0BEN', 'organisation'), 'policy_history');
    const { id, view } = await hand.modal('U0BEN', 'Version 1');
    expect(findButton(view, 'policy_rollback')).toBeNull();
    desk.world.closeView('U0BEN', id);
  });
});

describe('/agentdesk policy', () => {
  const type = async (memberId: string, text: string): Promise<string> => {
    const actor = { workspaceId: TEAM, memberId, teamId: null };
    const reply = await answerCommand(desk.deps, actor, `policy ${text}`, 'D0');
    expect(checkMessageBlocks(reply.blocks ?? [])).toEqual([]);
    return `${reply.text} ${JSON.stringify(reply.blocks ?? [])}`;
  };

  it('sets, lists and goes back, each for who may', async () => {
    expect(await type('U0BEN', 'set GMAIL.messages.send never')).toContain('is at version 1 now');
    expect(await hand.decide('U0BEN', 'gmail.messages.send')).toBe('deny');
    expect(await type('U0ADA', 'set github.issues.create phone org')).toContain('is at version 1 now');
    expect(await hand.decide('U0BEN', 'github.issues.create')).toBe('approve_strong');
    expect(await type('U0BEN', 'history org')).toContain('New rule: Ask on a second device');
    expect(await type('U0BEN', 'set gmail.messages.send default')).toContain(
      'Version 2 waits for your approval',
    );
    expect(await type('U0ADA', 'rollback 0 org')).toContain('Version 2 waits for your approval');
    expect([await headOf(), await headOf('U0BEN')]).toEqual([1, 1]);
  });

  it('says why not', async () => {
    await tightenIssues();
    const before = await refusals();
    expect(await type('U0BEN', 'set gmail.messages.send never org')).toContain('only admins change');
    expect(await type('U0GUS', 'set gmail.messages.send never')).toContain('guests cannot');
    expect(await type('U0GUS', 'history org')).toContain('guests cannot');
    expect((await refusals()).slice(before.length)).toEqual([
      'member:U0BEN access.refused not_allowed',
      'member:U0GUS access.refused not_allowed',
    ]);
    expect(await type('U0BEN', 'set github.issues.create ask')).toContain(
      'Choose "ask me on a second device"',
    );
    expect(await type('U0ADA', 'set github.issues.create phone org')).toContain('says this already');
    expect(await type('U0ADA', 'rollback 9 org')).toContain('no policy version 9');
    expect(await type('U0ADA', 'rollback x')).toContain('Write it as /agentdesk policy rollback NUMBER');
    expect(await type('U0ADA', 'set gmail.message.send ask')).toContain('Did you mean gmail.messages.send?');
    expect(await type('U0ADA', 'set gmail.messages.send maybe')).toContain('ask|phone|never|default');
    expect([await headOf(), await headOf('U0BEN'), await headOf('U0GUS')]).toEqual([1, 0, 0]);
  });
});
