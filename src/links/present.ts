import { explainTier } from '../approvals/explain-tier.ts';
import { measureSize } from '../approvals/presentation-size.ts';
import type { Presentation } from '../approvals/presentation.ts';

/** What the audit and the card call a change of who a member is at the tenant; never a tool of the agent. */
export const RELINK_ACTION = 'link.change';

/** What an approval of another link carries for a version of the policy: there is none that decides it. */
export const RELINK_POLICY = 'link';

/** What the member is shown before they become someone else at the tenant. */
export function presentRelink(about: {
  code: string;
  tier: Presentation['tier'];
  domain: string;
  before: string;
  after: string;
}): Presentation {
  const { code, tier, domain, before, after } = about;
  const shown = {
    targets: [],
    fields: [{ label: 'Identity', value: after, before }],
    notes: [
      'Your connected accounts belong to the identity of before and are disconnected here.',
      'What waits for your approval is cancelled.',
      ...explainTier(tier),
    ],
    why: '',
  };
  return {
    v: 1,
    code,
    tier,
    action: RELINK_ACTION,
    title: 'Link you to another identity',
    line: after,
    account: domain,
    service: 'link',
    ...shown,
    rules: ['Another identity than before is itself approved.'],
    hint: 'link',
    revision: 1,
    size: measureSize(shown),
  };
}
