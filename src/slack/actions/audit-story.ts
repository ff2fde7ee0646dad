import type { types } from '@slack/bolt';
import { findById } from '../../approvals/query.ts';
import { findHeadOfCall } from '../../audit/read/story.ts';
import type { AuditFilter } from '../../audit/read/filter.ts';
import { findBeside } from '../../audit/read/lines.ts';
import { DeskError } from '../../errors.ts';
import { refuseAccess } from '../access.ts';
import { buildNoStory, buildStory } from '../blocks/audit-story.ts';
import { buildNotice } from '../blocks/modals.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { findScope, readStoryFor, showsOthers } from '../home/read-audit.ts';
import { recordAuditRead } from '../home/record-read.ts';
import { readHomeState } from '../home/state.ts';
import { readStoryState, writeStoryState } from '../home/story-state.ts';
import { readActor } from '../identity.ts';
import { openView } from './open-view.ts';
import { valueOf } from './value.ts';

/** The story of a line of the timeline. Whose it is, and who asks, is looked up now. */
export async function handleAuditStory(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  const { filter } = readHomeState(args.body.view?.private_metadata);
  await openView(deps, args, actor, await tellStory(deps, actor, readId(valueOf(args)), filter));
}

/** The story of what a card is about. */
export async function handleHistory(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  await openView(
    deps,
    args,
    actor,
    await tellStory(deps, actor, await findHead(deps, actor, valueOf(args)), {}),
  );
}

export const handleStoryNewer = (deps: SlackDeps, args: ActionArgs): Promise<void> =>
  step(deps, args, 'after');
export const handleStoryOlder = (deps: SlackDeps, args: ActionArgs): Promise<void> =>
  step(deps, args, 'before');

/** The line beside the one shown, of those that the timeline shows; at its end it stays. */
async function step(deps: SlackDeps, args: ActionArgs, way: 'before' | 'after'): Promise<void> {
  await args.ack();
  const { body, client, context } = args;
  const state = readStoryState(body.view?.private_metadata);
  if (body.view === undefined || state === null) return;
  const actor = readActor(context, body.user);
  const scope = await findScope(deps, actor);
  const place = way === 'before' ? { before: state.head } : { after: state.head };
  const beside = await findBeside(deps.calls.database, scope, state.filter, place);
  const view = await tellStory(deps, actor, beside ?? state.head, state.filter);
  await client.views.update({ view_id: body.view.id, hash: body.view.hash, view });
}

async function findHead(deps: SlackDeps, actor: Actor, approvalId: string): Promise<number | null> {
  const { database } = deps.calls;
  const approval = await findById(database, actor.workspaceId, approvalId);
  if (approval === null) return null;
  const about = approval.callId === null ? { code: approval.code } : { callId: approval.callId };
  return findHeadOfCall(database, actor.workspaceId, about);
}

function readId(value: string): number | null {
  return /^\d{1,15}$/.test(value) ? Number(value) : null;
}

/** That an admin opens what was done for another is recorded before it is shown; that someone was refused too. */
async function tellStory(
  deps: SlackDeps,
  actor: Actor,
  head: number | null,
  filter: AuditFilter,
): Promise<types.ModalView> {
  const refused = await deps.directory.checkMember(actor);
  if (refused !== null) {
    await refuseAccess(deps, actor, 'audit', refused);
    return buildNotice('Audit', refused.message);
  }
  const told = head === null ? null : await readStoryFor(deps, actor, head);
  if (head === null || told === null) {
    await refuseAccess(
      deps,
      actor,
      'audit',
      new DeskError('not_allowed', { reason: 'it is not yours to see' }),
    );
    return buildNoStory();
  }
  const { callId, code } = told.story.head;
  if (showsOthers(actor, [told.story]))
    await recordAuditRead(deps, actor, 'call', { call: code === null ? null : { id: callId, code } });
  return buildStory(told, writeStoryState({ head, filter }));
}
