import { explainTier } from '../../approvals/explain-tier.ts';
import type { Presentation } from '../../approvals/presentation.ts';
import { measureSize } from '../../approvals/presentation-size.ts';
import type { PolicyVersion } from '../versions/types.ts';

/** What the audit and the card call a change to the policy; never a tool of the agent. */
export const CHANGE_ACTION = 'policy.change';

/** What the approver of a change is shown: what changes in words, and all rules as they would be. */
export function presentChange(
  version: PolicyVersion,
  code: string,
  tier: Presentation['tier'],
): Presentation {
  const isOrganisation = version.owner === '';
  const shown = {
    targets: [],
    fields: [
      { label: 'What changes', value: version.diff.join('\n'), before: null },
      {
        label: 'All rules afterwards, as Cedar',
        // Its last line break is no part of any rule, and would be shown as a hidden character.
        value: version.cedar.trimEnd() || 'none',
        before: null,
      },
    ],
    notes: ['This lets the agent do more than now.', ...explainTier(tier)],
    why: '',
  };
  return {
    v: 1,
    code,
    tier,
    action: CHANGE_ACTION,
    title: isOrganisation ? 'Loosen the organisation’s policy' : 'Loosen your own policy',
    line: version.diff[0] ?? '',
    account: isOrganisation ? 'everyone in this workspace' : 'you alone',
    service: 'policy',
    ...shown,
    rules: ['A change that loosens the policy is itself approved.'],
    hint: isOrganisation ? `organisation#${version.number}` : `own#${version.number}`,
    revision: 1,
    size: measureSize(shown),
  };
}
