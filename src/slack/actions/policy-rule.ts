import { DeskError } from '../../errors.ts';
import { describeRule } from '../../policy/rules/describe.ts';
import { readLayer } from '../../policy/rules/schema.ts';
import { EMPTY_LAYER, isTypedRule } from '../../policy/rules/types.ts';
import { buildRuleForm } from '../blocks/policy-rule.ts';
import type { ActionArgs, SlackDeps, ViewArgs } from '../deps.ts';
import { readActor } from '../identity.ts';
import { checkEditor } from '../policy/editor.ts';
import { readRuleForm, readRuleScope } from '../policy/rule-form.ts';
import { answer } from './answer.ts';
import { openView } from './open-view.ts';
import { readScope } from './policy.ts';
import { valueOf } from './value.ts';

const START = 'choose actions and what is done. The rule then stands here as a sentence.';

/** Opens the form of a new rule, for who may add one. */
export async function handlePolicyAdd(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  const scope = readScope(valueOf(args));
  const editor = await checkEditor(deps, actor, scope);
  if (editor instanceof DeskError) return answer(deps, args, actor, editor.message);
  await openView(deps, args, actor, buildRuleForm(scope, deps.policy.catalog, START));
}

/** Something was chosen in the form: the sentence above it is drawn anew; what was entered stays. */
export async function handlePolicyRulePart(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const { view } = args.body;
  if (view === undefined) return;
  const { catalog } = deps.policy;
  const values = view.state.values;
  const sentence = describeForm(values, deps);
  await args.client.views.update({
    view_id: view.id,
    view: buildRuleForm(readRuleScope(view.private_metadata), catalog, sentence),
  });
}

function describeForm(values: ViewArgs['view']['state']['values'], { policy }: SlackDeps): string {
  const form = readRuleForm(values);
  if (form === null) return START;
  try {
    const [rule] = readLayer({ ...EMPTY_LAYER, rules: [form.rule] }, 'U').rules;
    return rule !== undefined && isTypedRule(rule) ? describeRule(rule, policy.catalog) : START;
  } catch (error) {
    if (error instanceof DeskError) return error.message;
    throw error;
  }
}
