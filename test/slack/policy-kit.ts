import { evaluate } from '../../src/policy/evaluate.ts';
import type { Outcome, PolicyContext, PolicyFacts } from '../../src/policy/types.ts';
import type { SlackDesk } from './desk.ts';
import { TEAM } from './desk.ts';
import { findButton, until } from './look.ts';

type Json = Record<string, unknown>;
export interface Shown {
  readonly id: string;
  readonly view: Json;
}

/** What a person does in the Policy tab, and what they see of it. */
export function createPolicyHand({ world, deps }: SlackDesk) {
  const home = (user: string, words: string) =>
    until(() => {
      const view = world.home(user);
      return view !== null && JSON.stringify(view).includes(words) && view;
    });
  const modal = (user: string, words: string): Promise<Shown> =>
    until(() => {
      const open = world.view(user);
      return open !== null && JSON.stringify(open.view).includes(words) && open;
    });
  const press = async (user: string, shown: unknown, id: string, viewId?: string): Promise<void> => {
    const button = findButton(shown, id);
    if (button === null) throw new Error(`no button ${id}`);
    await world.click(user, viewId === undefined ? { home: true } : { viewId }, button);
  };
  /** Home as it is drawn after something was done; a change of the policy may have it drawn anew at any time, too. */
  const redrawn = async (user: string, act: () => Promise<void>, where: Json = {}) => {
    const before = world.home(user)?.['hash'];
    await act();
    return until(() => {
      const view = world.home(user);
      if (view === null || view['hash'] === before) return false;
      const state = JSON.parse(String(view['private_metadata'])) as Json;
      return Object.entries(where).every(([name, value]) => state[name] === value) && view;
    });
  };
  /** The choice of an action, as it is drawn now; null when there is none. */
  const findSelect = (user: string, action: string) =>
    (world.home(user)?.['blocks'] as Json[]).find((block) =>
      new RegExp(`^set_[0-9a-z]+_${action}$`).test(String(block['block_id'])),
    ) ?? null;
  return {
    home,
    modal,
    press,
    findSelect,
    async openPolicy(user: string, scope: 'mine' | 'organisation' = 'mine'): Promise<unknown> {
      const opened = await redrawn(user, () => world.openHome(user));
      const tab = await redrawn(user, () => press(user, opened, 'home_tab_policy'), { tab: 'policy' });
      return scope === 'mine' ? tab : redrawn(user, () => press(user, tab, 'policy_organisation'), { scope });
    },
    /** Chooses an outcome for an action; the form that asks whether it is meant is open afterwards, or not. */
    async choose(user: string, action: string, value: string): Promise<void> {
      const block = findSelect(user, action);
      if (block === null) throw new Error(`no choice for ${action}`);
      const { options } = block['accessory'] as { options: { value: string }[] };
      const option = options.find((one) => one.value === value);
      if (option === undefined) throw new Error(`${value} is not offered for ${action}`);
      await world.click(
        user,
        { home: true },
        { block_id: String(block['block_id']), action_id: 'policy_set', selected_option: option },
      );
    },
    async submit(user: string, words: string): Promise<void> {
      const { id } = await modal(user, words);
      await world.submitView(user, id, {});
    },
    /** What the policy in force says to a member of a call, by the evaluation that decides calls. */
    async decide(
      memberId: string,
      action: string,
      facts: PolicyFacts = {},
      when: Partial<PolicyContext> = {},
    ): Promise<Outcome> {
      const policy = await deps.calls.policies.load(TEAM, memberId);
      return evaluate(policy, {
        agent: 'default',
        member: { workspaceId: TEAM, id: memberId, role: 'member', groups: [] },
        action,
        account: { connection: 'google-oauth2', label: 'a', domain: null },
        facts,
        context: {
          ownDomains: ['acme.test'],
          firstTimeRecipients: false,
          hour: 12,
          weekday: 'wed',
          surface: 'dm',
          provenance: ['member'],
          ...when,
        },
      }).outcome;
    },
  };
}
