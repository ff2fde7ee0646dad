import { readSelect } from '../blocks/policy-select.ts';
import { DeskError } from '../../errors.ts';
import { tellError } from '../decide-as.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { publishHome } from '../home/publish.ts';
import { FIRST, readHomeState } from '../home/state.ts';
import { readActor } from '../identity.ts';
import { SCOPES, type Scope, type Wish } from '../policy/change.ts';
import { checkEditor } from '../policy/editor.ts';
import { previewChange, type Preview } from '../policy/preview.ts';
import { showPreview } from '../policy/show-preview.ts';
import { answer } from './answer.ts';
import { openView } from './open-view.ts';
import { valueOf } from './value.ts';

/** Another outcome was chosen for an action: asks whether it is meant. Nothing is changed here. */
export async function handlePolicySet(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const { action, body } = args;
  const value = 'selected_option' in action ? (action.selected_option as { value?: string } | null) : null;
  const chosen = readSelect(action.block_id, value?.value ?? '');
  const { scope } = readHomeState(body.view?.private_metadata);
  const wish: Wish = { kind: 'set', action: '', outcome: null, ...chosen };
  await confirm(deps, args, scope, wish);
}

/** A rule with conditions is to go. */
export async function handlePolicyRemove(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const [scope = '', rule = ''] = valueOf(args).split(' ');
  await confirm(deps, args, readScope(scope), { kind: 'remove', rule: rule.slice(0, 60) });
}

async function confirm(deps: SlackDeps, args: ActionArgs, scope: Scope, wish: Wish): Promise<void> {
  const actor = readActor(args.context, args.body.user);
  const found = await preview(deps, actor, scope, wish);
  if (typeof found === 'string') return answer(deps, args, actor, found);
  await showPreview(deps, args.client, actor, found, (view) => openView(deps, args, actor, view));
  // The menu shows what is in force again, whatever becomes of the form.
  const { view } = args.body;
  if (view?.type === 'home')
    await publishHome(deps, args.client, actor, readHomeState(view.private_metadata), { hash: view.hash });
}

/** @returns what the change would come to, or a sentence of why it cannot be made */
export async function preview(
  deps: SlackDeps,
  actor: Actor,
  scope: Scope,
  wish: Wish,
): Promise<Preview | string> {
  try {
    const editor = await checkEditor(deps, actor, scope);
    return editor instanceof DeskError ? editor.message : await previewChange(deps, actor, scope, wish);
  } catch (error) {
    return tellError(deps, error, 'a change of the policy was not prepared');
  }
}

/** The other rules of the Policy tab. */
export async function handlePolicyScope(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await show(deps, args, { scope: readScope(valueOf(args)), page: 0 });
}

export async function handlePolicyPage(deps: SlackDeps, args: ActionArgs): Promise<void> {
  const page = Number(valueOf(args));
  const { find } = readHomeState(args.body.view?.private_metadata);
  await show(deps, args, { find, page: Number.isSafeInteger(page) && page >= 0 && page < 1_000 ? page : 0 });
}

/** Something is looked for in the policy; nothing shows all again. */
export async function handlePolicyFind(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await show(deps, args, { find: valueOf(args).trim().slice(0, 60), page: 0 });
}

async function show(
  deps: SlackDeps,
  { ack, body, client, context }: ActionArgs,
  change: { scope?: Scope; page: number; find?: string },
): Promise<void> {
  await ack();
  if (body.view === undefined) return;
  const { hash, private_metadata: metadata } = body.view;
  const state = { ...FIRST, scope: readHomeState(metadata).scope, tab: 'policy' as const, ...change };
  await publishHome(deps, client, readActor(context, body.user), state, { hash });
}

export function readScope(word: string): Scope {
  return SCOPES.find((one) => one === word) ?? 'mine';
}
