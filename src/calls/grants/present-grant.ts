import type { Action } from '../../actions/action.ts';
import type { CallApproval } from '../../approvals/deps.ts';
import type { Presentation } from '../../approvals/presentation.ts';
import { measureSize } from '../../approvals/presentation-size.ts';
import { GRANT_ACTION } from '../../policy/grants/digest.ts';
import type { Slot, Template } from '../../policy/grants/template.ts';

/** The reason a call was done without asking, in one sentence. */
export function describeGrant({ presentation }: CallApproval, uses: number, until: Date): string {
  const { title, hint } = presentation as Presentation;
  const what = hint === '' ? title : `${title}, ${hint}`;
  const often = uses === 1 ? 'once more' : `up to ${uses} times`;
  return `You allowed this ${often} until ${writeUtc(until)}: ${what.slice(0, 180).toWellFormed()}.`;
}

/**
 * What the approver of a grant is shown: every argument as it has to be, with the values that are listed, or that it may
 * be anything.
 */
export function presentGrant(input: {
  approval: CallApproval;
  action: Action;
  args: Readonly<Record<string, unknown>>;
  terms: { template: Template; tier: Presentation['tier']; maxUses: number; expiresAt: Date };
  code: string;
}): Presentation {
  const { action, args, terms, code } = input;
  const before = input.approval.presentation as Presentation;
  const { fields } = action.preview(args, {});
  const nameOf = (path: string): string => path.split('/')[1] ?? '';
  const fixed = fields
    .filter(({ path }) => terms.template[nameOf(path)]?.kind === 'fixed')
    .map(({ label, value }) => ({ label, value, before: null }));
  const opened = Object.entries(terms.template).flatMap(([name, slot]) => {
    if (slot.kind === 'fixed') return [];
    const own = fields.filter(({ path }) => nameOf(path) === name).map(({ label }) => label);
    const label = own.join(', ') || name;
    return [{ label: `${label} (may vary)`, value: describeSlot(slot), before: null }];
  });
  const shown = {
    targets: before.targets,
    fields: [
      {
        label: 'How often',
        value: terms.maxUses === 1 ? 'once' : `up to ${terms.maxUses} times`,
        before: null,
      },
      { label: 'Until', value: writeUtc(terms.expiresAt), before: null },
      ...fixed,
      ...opened,
    ],
    notes: [
      'This is done again without asking you.',
      `End it in App Home, Approvals, or with /agentdesk grants revoke ${code}.`,
    ],
    why: '',
  };
  return {
    v: 1,
    code,
    tier: terms.tier,
    action: GRANT_ACTION,
    title: `Allow again: ${before.title}`,
    line: before.line,
    account: before.account,
    service: before.service,
    ...shown,
    rules: before.rules,
    hint: `again#${terms.maxUses}`,
    revision: 1,
    size: measureSize(shown),
  };
}

function describeSlot(slot: Exclude<Slot, { kind: 'fixed' }>): string {
  return slot.kind === 'free' ? 'anything' : `one of:\n${slot.values.join('\n')}`;
}

function writeUtc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
