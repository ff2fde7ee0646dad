import { buildAuditDetail } from '../blocks/home-audit.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { publishHome } from '../home/publish.ts';
import { readCallStory, recordAuditRead, showsOthers } from '../home/read-audit.ts';
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

async function show(
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

/** The full story of a call: to an admin, of anyone's; to others, of what was done on their own behalf. */
export async function handleAuditDetail(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const { body, client, context } = args;
  const actor = readActor(context, body.user);
  const callId = valueOf(args);
  const story = await readCallStory(deps, actor, callId);
  const [first] = story.rows;
  if (first !== undefined && showsOthers(actor, story.rows)) {
    await recordAuditRead(deps, actor, 'call', { id: first.callId, code: first.code ?? '' });
  }
  await client.views.open({ trigger_id: body.trigger_id, view: buildAuditDetail(story) });
}
