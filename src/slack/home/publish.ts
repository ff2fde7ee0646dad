import type { types, webApi } from '@slack/bolt';
import { withoutCharts } from '../blocks/chart.ts';
import { buildHome } from '../blocks/home.ts';
import { saveDrawnHome } from '../deliver/homes.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { isSlackError } from '../slack-errors.ts';
import { loadTab, type TabContent } from './load-tab.ts';
import { showsOthers } from './read-audit.ts';
import { recordAuditRead } from './record-read.ts';
import { writeHomeState, type HomeState } from './state.ts';

interface HomeChange {
  /** The view as the person saw it; another change in between makes Slack refuse ours. */
  readonly hash?: string | undefined;
  /** A sentence for the top of the tab, about what was just done. */
  readonly notice?: string;
  /** When the view was changed in between: draw over it, what is drawn here was read after it; or leave it. */
  readonly conflict?: 'overwrite' | 'leave';
}

/**
 * Draws a member's Home tab. Everything in it is read anew; the state only says which tab and page.
 * @returns false when the view was changed in between and left as it is
 */
export async function publishHome(
  deps: SlackDeps,
  client: webApi.WebClient,
  actor: Actor,
  wanted: HomeState,
  change: HomeChange | null,
): Promise<boolean> {
  const content = await loadTab(deps, actor, wanted);
  const reads = !wanted.readRecorded && showsOthersIn(actor, content);
  if (reads)
    await recordAuditRead(deps, actor, content.tab === 'insights' ? 'insights' : 'home', {
      filter: wanted.filter,
    });
  const state = reads ? { ...wanted, readRecorded: true } : wanted;
  const notice = change?.notice ?? null;
  const metadata = writeHomeState(state);
  const view: types.HomeView = {
    type: 'home',
    private_metadata: metadata,
    blocks: buildHome({ state, content, notice, model: deps.model }),
  };
  const hash = await publish(client, actor.memberId, view, change);
  if (hash === null) return false;
  const at = deps.calls.now().toISOString();
  await saveDrawnHome(deps.calls.database, actor, { metadata, hash, notice, at });
  return true;
}

function showsOthersIn(actor: Actor, content: TabContent): boolean {
  if (content.tab === 'insights') return content.reader.isAdmin;
  return content.tab === 'audit' && showsOthers(actor, content.lines);
}

/** @returns Slack's hash of the view, or null when it was left alone */
async function publish(
  client: webApi.WebClient,
  memberId: string,
  view: types.HomeView,
  change: HomeChange | null,
): Promise<string | null> {
  const hash = change?.hash;
  try {
    return await send(client, memberId, view, hash === undefined || hash === '' ? {} : { hash });
  } catch (error) {
    if (!isSlackError(error, 'hash_conflict')) throw error;
    if (change?.conflict === 'leave') return null;
    return send(client, memberId, view, {});
  }
}

/** A Slack that does not take charts yet gets the view without them, rather than none. */
async function send(
  client: webApi.WebClient,
  memberId: string,
  view: types.HomeView,
  more: { hash?: string },
): Promise<string> {
  const plain = { ...view, blocks: withoutCharts(view.blocks as types.KnownBlock[]) };
  const hasCharts = plain.blocks.length < view.blocks.length;
  try {
    return (await client.views.publish({ user_id: memberId, view, ...more })).view?.hash ?? '';
  } catch (error) {
    if (!hasCharts || !isSlackError(error, 'invalid_blocks', 'invalid_arguments')) throw error;
    return (await client.views.publish({ user_id: memberId, view: plain, ...more })).view?.hash ?? '';
  }
}
