import { setTimeout as pause } from 'node:timers/promises';
import { DeskError } from '../../errors.ts';
import { findDrawnHome } from '../deliver/homes.ts';
import { classifyFailure } from '../deliver/failures.ts';
import type { SlackDeps } from '../deps.ts';
import { publishHome } from './publish.ts';
import { readHomeState } from './state.ts';

/** How long the sentence about what was just done stays when the view is drawn anew. */
const NOTICE_MS = 60_000;

/** A click draws first and is stored after; in between ours is refused, and tried again after a while. */
const TRIES = 5;
const AGAIN_MS = 200;

/**
 * Draws a member's Home tab anew, where they are in it; the handler of the queue `home`. Nothing is drawn for someone
 * who never opened it; it is left alone when they keep changing it, since each change draws it anew.
 * @param key `<workspace>/<member>`
 */
export async function refreshHome(deps: SlackDeps, key: string): Promise<void> {
  const [workspaceId = '', memberId = ''] = key.split('/');
  const actor = { workspaceId, memberId, teamId: null };
  try {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const drawn = await findDrawnHome(deps.calls.database, actor);
      if (drawn === null) return;
      const client = await deps.clients.forWorkspace(workspaceId);
      const isFresh = deps.calls.now().getTime() - Date.parse(drawn.at) < NOTICE_MS;
      const done = await publishHome(deps, client, actor, readHomeState(drawn.metadata), {
        hash: drawn.hash,
        conflict: 'leave',
        ...(isFresh && drawn.notice !== null ? { notice: drawn.notice } : {}),
      });
      if (done) return;
      await pause(AGAIN_MS);
    }
  } catch (error) {
    const isGone = error instanceof DeskError && error.code === 'not_allowed';
    if (!isGone && classifyFailure(error, 0).kind !== 'never') throw error;
    deps.calls.log.info({ member: memberId, err: error }, 'Home was not drawn anew');
  }
}
