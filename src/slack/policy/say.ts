import { compileLayer } from '../../policy/rules/compile.ts';
import { describeRule } from '../../policy/rules/describe.ts';
import { EMPTY_LAYER, type TypedRule } from '../../policy/rules/types.ts';
import { nameRule, understand } from '../../policy/language/understand.ts';
import type { SlackDeps } from '../deps.ts';
import type { Scope } from './change.ts';

/** A sentence as a rule, or what to tell the person instead. */
export type Said =
  | { readonly rule: TypedRule; readonly sentence: string; readonly cedar: string }
  | { readonly rule: null; readonly tell: string };

/** Understands what a person said as a rule. Nothing is saved, and nothing but the sentence is looked at. */
export async function readSaid(
  { policy: { catalog }, fillForm }: Pick<SlackDeps, 'policy' | 'fillForm'>,
  workspaceId: string,
  scope: Scope,
  text: string,
): Promise<Said> {
  const reading = await understand(text, { catalog, isOwn: scope === 'mine' }, fillForm);
  if (reading.kind !== 'rule')
    return { rule: null, tell: reading.kind === 'question' ? reading.question : reading.why };
  const rule = nameRule(reading.rule, text.trim());
  // An owner, so that what belongs to the whole layer is left out.
  const cedar = compileLayer({ ...EMPTY_LAYER, rules: [rule] }, { catalog, workspaceId, owner: 'rule' });
  return { rule, sentence: describeRule(rule, catalog), cedar };
}
