import { isStricter } from '../compare.ts';
import { evaluate } from '../evaluate.ts';
import type { PreparedPolicy } from '../prepared-policy.ts';
import type { CatalogEntry, LayerName, Outcome, PolicyCall } from '../types.ts';
import { describeRule } from './describe.ts';
import { coversAction } from './patterns.ts';
import { isTypedRule, type LayerDocument } from './types.ts';

/** The least a call of an action comes to, whatever it is about, and the rule that says so. */
export interface Floor {
  readonly outcome: Outcome;
  readonly layer: LayerName;
  readonly ruleId: string;
  /** The rule's sentence. */
  readonly rule: string;
}

/**
 * What the layers above ask of every call of this action: a setting below that would change nothing. The built-in
 * layer is asked about the most harmless call there is; of the organisation's rules those count that apply always.
 * @param organisation null when it is the organisation's own layer that is being set
 */
export function findFloor(
  builtIn: PreparedPolicy,
  organisation: LayerDocument | null,
  entry: CatalogEntry,
  catalog: readonly CatalogEntry[],
): Floor {
  const { outcome, rules } = evaluate(builtIn, buildHarmlessCall(entry));
  const [first] = rules;
  const least: Floor = {
    outcome,
    layer: 'built-in',
    ruleId: first?.id ?? 'no_rule',
    rule: first?.reason ?? 'No rule permits this.',
  };
  const always = (organisation?.rules ?? [])
    .filter(isTypedRule)
    .filter(
      ({ conditions, agents, who, actions }) =>
        conditions.length + agents.length + who.roles.length + who.groups.length === 0 &&
        coversAction(actions, entry),
    );
  return always.reduce<Floor>(
    (most, rule) =>
      isStricter(rule.outcome, most.outcome)
        ? {
            outcome: rule.outcome,
            layer: 'organisation',
            ruleId: rule.id,
            rule: describeRule(rule, catalog, 3),
          }
        : most,
    least,
  );
}

/** A call that concerns its member alone: nobody is written to, nobody else can see it. */
function buildHarmlessCall({ id, service }: CatalogEntry): PolicyCall {
  return {
    agent: 'default',
    member: { workspaceId: 'T', id: 'U', role: 'member', groups: [] },
    action: id,
    account: { connection: service, label: 'account', domain: null },
    facts: { recipients: [], guests: [], labels: [], calendarShared: false, repositoryVisibility: 'private' },
    context: {
      ownDomains: [],
      firstTimeRecipients: false,
      hour: 12,
      weekday: 'wed',
      surface: 'dm',
      provenance: ['member'],
    },
  };
}
