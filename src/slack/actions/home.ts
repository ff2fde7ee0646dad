import type { ActionArgs, SlackDeps } from '../deps.ts';
import { publishHome } from '../home/publish.ts';
import { FIRST, nextPage, previousPage, readHomeState, TABS, type HomeState } from '../home/state.ts';
import { readActor } from '../identity.ts';
import { valueOf } from './value.ts';

/** A tab of Home. */
export function handleTab(deps: SlackDeps, args: ActionArgs): Promise<void> {
  const tab = TABS.find((one) => one === valueOf(args)) ?? FIRST.tab;
  return show(deps, args, () => ({ ...FIRST, tab }));
}

export function handleOlder(deps: SlackDeps, args: ActionArgs): Promise<void> {
  const last = Number(valueOf(args));
  return show(deps, args, (state) =>
    Number.isSafeInteger(last) && last > 0 ? nextPage(state, last) : state,
  );
}

export function handleNewer(deps: SlackDeps, args: ActionArgs): Promise<void> {
  return show(deps, args, previousPage);
}

/** Draws Home as it is after a click in it. */
export async function show(
  deps: SlackDeps,
  { ack, body, client, context }: ActionArgs,
  change: (state: HomeState) => HomeState,
): Promise<void> {
  await ack();
  if (body.view === undefined) return;
  const { hash, private_metadata: metadata } = body.view;
  const actor = readActor(context, body.user);
  await publishHome(deps, client, actor, change(readHomeState(metadata)), { hash });
}
