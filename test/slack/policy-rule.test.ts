import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listVersions } from '../../src/policy/versions/read.ts';
import { createSlackDesk, TEAM, type SlackDesk } from './desk.ts';
import { findButton } from './look.ts';
import { createPolicyHand } from './policy-kit.ts';

type Json = Record<string, unknown>;
const PART = 'policy_rule_part';
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
  expect(desk.world.violations().filter(({ error }) => error !== 'hash_conflict')).toEqual([]);
});
afterAll(() => desk.stop());

/** Opens the form of a new rule of the organisation's, as its admin. */
async function openForm(): Promise<string> {
  await hand.press('U0ADA', await hand.openPolicy('U0ADA', 'organisation'), 'policy_add');
  return (await hand.modal('U0ADA', 'Add a rule')).id;
}

/** An option of one of the form's inputs. */
function optionOf(input: string, value: string): Json {
  const blocks = desk.world.view('U0ADA')?.view['blocks'] as Json[];
  const block = blocks.find((one) => one['block_id'] === input);
  const { options } = block?.['element'] as { options: Json[] };
  const found = options.find((one) => one['value'] === value);
  if (found === undefined) throw new Error(`${value} is not offered for ${input}`);
  return found;
}

const field = (value: Json): Json => ({ [PART]: value });
const chosen = (input: string, value: string): Json =>
  field({ type: 'static_select', selected_option: optionOf(input, value) });
const several = (input: string, ...values: string[]): Json =>
  field({ type: 'multi_static_select', selected_options: values.map((one) => optionOf(input, one)) });
const typed = (type: string, value: string): Json => field({ type, value });

describe('the form of a rule', () => {
  it('says what the rule means, saves it, shows it under its action and takes it away again', async () => {
    const id = await openForm();
    await desk.world.click(
      'U0ADA',
      { viewId: id, values: { actions: several('actions', 'github.issues.create') } as never },
      {
        block_id: 'outcome',
        action_id: PART,
        selected_option: optionOf('outcome', 'approve_strong'),
      },
    );
    await hand.modal('U0ADA', 'For everyone: Ask on a second device before creating issues.');
    const values = {
      visibility: chosen('visibility', 'public'),
      weekdays: several('weekdays', 'fri'),
      from: typed('number_input', '15'),
    };
    await desk.world.submitView('U0ADA', id, values as never);
    const sentence =
      'Ask on a second device before creating issues in public repositories between 15:00 and 24:00 on Fridays.';
    await hand.submit('U0ADA', sentence);
    const tab = await hand.home('U0ADA', 'is at version 1 now');
    expect(JSON.stringify(tab).split(sentence).length).toBeGreaterThan(2);
    const issue = { repositoryVisibility: 'public' } as const;
    expect(await hand.decide('U0BEN', 'github.issues.create', issue)).toBe('approve');
    expect(await hand.decide('U0BEN', 'github.issues.create', issue, { weekday: 'fri', hour: 16 })).toBe(
      'approve_strong',
    );

    await hand.press('U0ADA', tab, 'policy_remove');
    await hand.submit('U0ADA', 'Rule removed');
    await hand.home('U0ADA', 'Version 2 waits for your approval');
    const place = { workspaceId: TEAM, owner: '' };
    const [version] = await listVersions(desk.deps.policy.database.db, place, { limit: 1 });
    expect(version).toMatchObject({ status: 'pending', document: { rules: [] } });
  });

  it('says beside the input what is wrong with it, and keeps the rest', async () => {
    const id = await openForm();
    const values = {
      actions: several('actions', 'gmail.messages.send'),
      outcome: chosen('outcome', 'approve'),
      recipient_count: typed('number_input', '10'),
      repository: typed('plain_text_input', 'not a repository'),
    };
    const wrong = await desk.world.submitView('U0ADA', id, values as never);
    expect(Object.keys(wrong.errors ?? {})).toEqual(['repository']);
    const hours = {
      repository: typed('plain_text_input', ''),
      from: typed('number_input', '3'),
      to: typed('number_input', '3'),
    };
    expect(Object.keys((await desk.world.submitView('U0ADA', id, hours as never)).errors ?? {})).toEqual([
      'to',
    ]);
    const fine = { from: typed('number_input', ''), to: typed('number_input', '') };
    expect(await desk.world.submitView('U0ADA', id, fine as never)).toMatchObject({ ok: true });
    await hand.modal('U0ADA', 'Ask before sending mail when there are more than 10 recipients.');
    desk.world.closeView('U0ADA', id);
  });

  it('is for who may: an own rule for a member, none of the organisation’s', async () => {
    const tab = await hand.openPolicy('U0BEN');
    expect(findButton(tab, 'policy_add')).not.toBeNull();
    expect(findButton(await hand.openPolicy('U0BEN', 'organisation'), 'policy_add')).toBeNull();
  });
});
