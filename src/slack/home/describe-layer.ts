import { isStricter } from '../../policy/compare.ts';
import { describeRule } from '../../policy/rules/describe.ts';
import { coversAction } from '../../policy/rules/patterns.ts';
import { readSetting, isSetting } from '../../policy/rules/settings.ts';
import { isTypedRule, type LayerRule, type RuleOutcome } from '../../policy/rules/types.ts';
import type { Outcome } from '../../policy/types.ts';
import { listFloors } from '../../policy/versions/floors.ts';
import { listVersions, readHead } from '../../policy/versions/read.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { placeOf, type Scope } from '../policy/change.ts';
import { canHold } from '../policy/rule-form.ts';

/** The layer a person looks at, and what of it they may change. */
export interface LayerView {
  readonly scope: Scope;
  /** Whether controls are drawn; asked again when one is used. */
  readonly mayEdit: boolean;
  /** Guests have no rules of their own, and no business with the organisation's. */
  readonly isGuest: boolean;
  /** The version in force; 0 when nothing was ever written. */
  readonly number: number;
  readonly settings: ReadonlyMap<string, Setting>;
  /** Every rule that is not simply the setting of one action. */
  readonly rules: readonly ShownRule[];
  /** Changes that wait for an approval, a sentence each. */
  readonly pending: readonly string[];
  /** Differs each time it is drawn, so that Slack forgets what was chosen and shows what is in force. */
  readonly drawn: string;
}

/** What the layer says of one action. */
export interface Setting {
  /** The least that the layers above ask for. */
  readonly floor: Outcome;
  /** What is set here above that; null when it is left to them. */
  readonly own: RuleOutcome | null;
}

export interface ShownRule {
  readonly id: string;
  readonly sentence: string;
  /** Ids of the actions it is about; empty when only Cedar knows. */
  readonly actions: readonly string[];
  /** The author's own words; may be empty. */
  readonly note: string;
  /** Whether the form can hold it. */
  readonly canEdit: boolean;
}

const PENDING_LOOKED_AT = 10;

/** @param wanted whose rules; a guest always sees their own, which are none */
export async function describeLayer(deps: SlackDeps, actor: Actor, wanted: Scope): Promise<LayerView> {
  const { database, catalog } = deps.policy;
  const isAdmin = await deps.directory.isAdmin(actor);
  const { role } = await deps.calls.describeMember(actor.workspaceId, actor.memberId);
  const isGuest = role === 'guest';
  const scope = isGuest ? 'mine' : wanted;
  const place = placeOf(actor, scope);
  const { number, document } = await readHead(database.db, place);
  const floors = await listFloors(database.db, catalog, place);
  const settings = new Map<string, Setting>();
  for (const { id } of catalog) {
    const floor = floors.get(id)?.outcome ?? 'deny';
    const own = readSetting(document, id);
    settings.set(id, { floor, own: own !== null && isStricter(own, floor) ? own : null });
  }
  const isShownAsSetting = (rule: LayerRule): boolean =>
    isSetting(rule) && settings.get(rule.actions[0] ?? '')?.own === rule.outcome;
  const versions = await listVersions(database.db, place, { limit: PENDING_LOOKED_AT });
  return {
    scope,
    mayEdit: scope === 'organisation' ? isAdmin : !isGuest,
    isGuest,
    number,
    settings,
    rules: document.rules
      .filter((rule) => !isShownAsSetting(rule))
      .map((rule) => ({
        id: rule.id,
        sentence: describeRule(rule, catalog),
        actions: isTypedRule(rule)
          ? catalog.filter((entry) => coversAction(rule.actions, entry)).map(({ id }) => id)
          : [],
        note: isTypedRule(rule) ? rule.note : '',
        canEdit: isTypedRule(rule) && canHold(rule),
      })),
    pending: versions
      .filter(({ status }) => status === 'pending')
      .map((version) => `Version ${version.number} waits for its approval: ${version.diff.join(' ')}`),
    drawn: deps.calls.now().getTime().toString(36),
  };
}
