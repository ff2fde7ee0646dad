import { DeskError } from '../../errors.ts';
import { describeRule } from '../../policy/rules/describe.ts';
import { readLayer } from '../../policy/rules/schema.ts';
import { EMPTY_LAYER, isTypedRule } from '../../policy/rules/types.ts';
import { readHead } from '../../policy/versions/read.ts';
import { buildRuleForm } from '../blocks/policy-rule.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { readActor } from '../identity.ts';
import { placeOf } from '../policy/change.ts';
import { checkEditor } from '../policy/editor.ts';
import { canHold, readRuleAbout, readRuleForm } from '../policy/rule-form.ts';
import { readState, stateOf, type RuleState } from '../policy/rule-state.ts';
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
  await openView(deps, args, actor, buildRuleForm({ scope, id: null }, deps.policy.catalog, {}, START));
}

/** Opens the form with a rule that is there, for who may change it. */
export async function handlePolicyEdit(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  const [word = '', id = ''] = valueOf(args).split(' ');
  const scope = readScope(word);
  const editor = await checkEditor(deps, actor, scope);
  if (editor instanceof DeskError) return answer(deps, args, actor, editor.message);
  const { document } = await readHead(deps.policy.database.db, placeOf(actor, scope));
  const rule = document.rules.find((one) => one.id === id);
  if (rule === undefined || !isTypedRule(rule) || !canHold(rule))
    return answer(deps, args, actor, 'This rule is not there any more, or says more than the form can hold.');
  const form = buildRuleForm(
    { scope, id },
    deps.policy.catalog,
    stateOf(rule),
    describeRule(rule, deps.policy.catalog),
  );
  await openView(deps, args, actor, form);
}

/** Something was chosen in the form: the sentence above it is drawn anew; what was entered stays. */
export async function handlePolicyRulePart(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const { view } = args.body;
  if (view === undefined) return;
  const state = readState(view.state.values);
  const about = readRuleAbout(view.private_metadata);
  const form = buildRuleForm(about, deps.policy.catalog, state, describeForm(state, deps));
  await args.client.views.update({ view_id: view.id, view: form });
}

function describeForm(state: RuleState, { policy }: SlackDeps): string {
  const form = readRuleForm(state, null);
  if (form === null) return START;
  try {
    const [rule] = readLayer({ ...EMPTY_LAYER, rules: [form.rule] }, 'U').rules;
    return rule !== undefined && isTypedRule(rule) ? describeRule(rule, policy.catalog) : START;
  } catch (error) {
    if (error instanceof DeskError) return error.message;
    throw error;
  }
}
