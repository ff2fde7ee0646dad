import type { Action, Facts } from '../actions/action.ts';
import type { Presentation } from '../approvals/presentation.ts';
import { measureSize } from '../approvals/presentation-size.ts';
import type { Decision } from '../policy/types.ts';
import type { Account } from '../vault/deps.ts';
import { nameService } from '../vault/exchange-refusal.ts';
import type { MemberProfile, Turn } from './deps.ts';
import type { MarkedTarget } from './provenance.ts';

const WHY_CHARACTERS = 600;

/** What the approver will be shown, as data, made before anything is asked. */
export function present(input: {
  action: Action;
  args: unknown;
  facts: Facts;
  code: string;
  decision: Decision;
  account: Account;
  profile: MemberProfile;
  turn: Turn;
  targets: readonly MarkedTarget[];
  firstTime: readonly string[];
  revision: number;
  /** What the replaced revision showed: changed fields show both. */
  previous: Presentation | null;
}): Presentation {
  const { action, profile, turn } = input;
  const preview = action.preview(input.args, input.facts);
  const firstTime = new Set(input.firstTime);
  const flagsOf = (target: MarkedTarget): string[] => {
    if (target.kind !== 'address') return [];
    const address = target.value.toLowerCase();
    const domain = address.split('@')[1] ?? '';
    return [
      ...(profile.ownDomains.includes(domain) ? [] : ['outside your organisation']),
      ...(firstTime.has(address) ? ['first time'] : []),
    ];
  };
  const targets = input.targets.map((target) => ({ ...target, flags: flagsOf(target) }));
  const earlier = new Map(input.previous?.fields.map((field) => [field.label, field.value]));
  const fields = preview.fields.map(({ label, value, before }) => {
    const was = earlier.get(label);
    return { label, value, before: was !== undefined && was !== value ? was : (before ?? null) };
  });
  const why = turn.text.length > WHY_CHARACTERS ? `${turn.text.slice(0, WHY_CHARACTERS - 1)}…` : turn.text;
  const shown = {
    targets,
    fields,
    notes: [...preview.notes],
    why: why.replaceAll('\u0000', '\ufffd').toWellFormed(),
  };
  return {
    v: 1,
    code: input.code,
    tier: input.decision.outcome === 'approve_strong' ? 'approve_strong' : 'approve',
    action: action.id,
    title: preview.title,
    line: preview.line,
    account: input.account.label,
    service: nameService(action.connection),
    ...shown,
    rules: input.decision.rules.map((rule) => rule.reason),
    hint: describeHint(preview.targets.map((target) => target.value)),
    revision: input.revision,
    size: measureSize(shown),
  };
}

/** The first target, and how many more there are: a second device has room for no more. */
function describeHint(targets: readonly string[]): string {
  const [first = '', ...more] = targets;
  return more.length === 0 ? first : `${first}+${more.length}`;
}
