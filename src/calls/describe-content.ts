import type { Action } from '../actions/action.ts';
import { previewRedacted } from '../audit/preview.ts';
import type { PolicyFacts } from '../policy/types.ts';

const TARGETS = 10;
const FIELDS = 30;
const CHARACTERS = 200;

/**
 * What the audit keeps of a call's content: where it goes, and of each argument a digest and a short beginning, from
 * which what looks like a secret is left out. The arguments themselves stay in the ledger alone.
 */
export function describeContent({
  action,
  args,
  policyCall,
}: {
  readonly action: Action;
  readonly args: unknown;
  readonly policyCall: { readonly facts: PolicyFacts };
}): Record<string, unknown> {
  const shown = action.preview(args, policyCall.facts as Parameters<Action['preview']>[1]);
  const targets = shown.targets.slice(0, TARGETS);
  return {
    title: shown.title,
    line: clean(shown.line),
    targets: targets.map(({ kind, value }) => ({ kind, value: clean(value) })),
    more_targets: shown.targets.length - targets.length,
    content: shown.fields.slice(0, FIELDS).map(({ label, value }) => ({ label, ...previewRedacted(value) })),
  };
}

/** As the database takes it, and short enough for a line. */
function clean(text: string): string {
  const whole = text.replaceAll('\u0000', '\ufffd').toWellFormed();
  return whole.length > CHARACTERS ? `${whole.slice(0, CHARACTERS - 1).toWellFormed()}…` : whole;
}
