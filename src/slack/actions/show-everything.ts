import { markSeen } from '../../approvals/seen.ts';
import type { Approval } from '../../approvals/deps.ts';
import { buildEverything } from '../blocks/everything.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { redrawCard } from '../deliver/tell.ts';
import { readActor } from '../identity.ts';
import type { Actor } from '../directory/directory.ts';
import { answer } from './answer.ts';
import { findMine } from './find-mine.ts';
import { openView } from './open-view.ts';
import { valueOf } from './value.ts';

/** Opens everything there is to see of an approval, at its first page. */
export async function handleShowEverything(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const { body, context } = args;
  const actor = readActor(context, body.user);
  const found = await findMine(deps, actor, valueOf(args));
  if (!found.ok) return answer(deps, args, actor, found.sentence);
  const { view, last, page } = buildEverything(found.approval, 0);
  const opened = await openView(deps, args, actor, view);
  if (opened && last) await recordSeen(deps, actor, found.approval, page + 1);
}

export const handleNextPage = (deps: SlackDeps, args: ActionArgs): Promise<void> => turnPage(deps, args, 1);
export const handlePreviousPage = (deps: SlackDeps, args: ActionArgs): Promise<void> =>
  turnPage(deps, args, -1);

async function turnPage(deps: SlackDeps, args: ActionArgs, step: number): Promise<void> {
  await args.ack();
  const { body, client, context } = args;
  if (body.view === undefined) return;
  const actor = readActor(context, body.user);
  const found = await findMine(deps, actor, valueOf(args));
  if (!found.ok) return answer(deps, args, actor, found.sentence);
  const { view, last, page } = buildEverything(found.approval, readPage(body.view.private_metadata) + step);
  await client.views.update({ view_id: body.view.id, hash: body.view.hash, view });
  if (last) await recordSeen(deps, actor, found.approval, page + 1);
}

/** Only after Slack took the last page is it seen; then the card offers Approve. */
async function recordSeen(deps: SlackDeps, actor: Actor, approval: Approval, pages: number): Promise<void> {
  const seen = await markSeen(deps.calls.database, actor, approval.id, pages);
  if (seen !== null) await redrawCard(deps, seen, 'seen');
}

/** The page a view of ours shows; it only ever leads to the pages beside it. */
function readPage(metadata: string): number {
  const page = /"page":(\d{1,5})\b/.exec(metadata)?.[1];
  return page === undefined ? 0 : Number(page);
}
