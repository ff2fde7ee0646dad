import type { types, webApi } from '@slack/bolt';
import { buildConfirm } from '../blocks/policy-confirm.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import type { OpenView } from '../actions/open-view.ts';
import { pause } from '../receivers/pause.ts';
import { isSlackError } from '../slack-errors.ts';
import type { Preview } from './preview.ts';
import { tryChange, type Trial } from './trial.ts';

/** Slack takes a form for three seconds after the click; this leaves time to open it. */
const EARLY_MS = 800;

/**
 * Shows what a change would come to, and what it would have changed of the past. The past is tried for a moment
 * first; when that takes longer, the form is shown without it and drawn anew when it is known.
 * @param show puts a view before the person; null when that failed
 * @param trouble why an earlier try was not saved
 */
export async function showPreview(
  deps: SlackDeps,
  client: webApi.WebClient,
  actor: Actor,
  found: Preview,
  show: (view: types.ModalView) => Promise<OpenView | null>,
  trouble?: string,
): Promise<void> {
  const trial = tryChange(deps, actor, found);
  const early = await soon(trial);
  const open = await show(buildConfirm(found, early, trouble));
  if (early !== 'running' || open === null) return;
  const view = buildConfirm(found, await trial, trouble);
  const { id, hash } = open;
  try {
    await client.views.update({ view_id: id, view, ...(hash === undefined ? {} : { hash }) });
  } catch (error) {
    // It was sent or closed meanwhile: then nobody waits for this any more.
    if (!isSlackError(error, 'not_found', 'hash_conflict')) throw error;
    deps.calls.log.debug({ err: error }, 'a form was gone before its trial was done');
  }
}

/** What is known within a moment. */
async function soon(trial: Promise<Trial>): Promise<Trial> {
  const settled = new AbortController();
  const late = pause(EARLY_MS, settled.signal).then((): Trial => 'running');
  const first = await Promise.race([trial, late]);
  settled.abort();
  return first;
}
