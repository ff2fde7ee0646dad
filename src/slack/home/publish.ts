import type { types, webApi } from '@slack/bolt';
import { buildHome } from '../blocks/home.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { isSlackError } from '../slack-errors.ts';
import { loadTab } from './load-tab.ts';
import { writeHomeState, type HomeState } from './state.ts';

interface HomeChange {
  /** The view as the person saw it; another change in between makes Slack refuse ours. */
  readonly hash?: string | undefined;
  /** A sentence for the top of the tab, about what was just done. */
  readonly notice?: string;
}

/** Draws a member's Home tab. Everything in it is read anew; the state only says which tab and page. */
export async function publishHome(
  deps: SlackDeps,
  client: webApi.WebClient,
  actor: Actor,
  state: HomeState,
  change: HomeChange | null,
): Promise<void> {
  const content = await loadTab(deps, actor, state);
  const view: types.HomeView = {
    type: 'home',
    private_metadata: writeHomeState(state),
    blocks: buildHome({ state, content, notice: change?.notice ?? null, model: deps.model }),
  };
  try {
    await client.views.publish({
      user_id: actor.memberId,
      view,
      ...(change?.hash === undefined ? {} : { hash: change.hash }),
    });
  } catch (error) {
    if (!isSlackError(error, 'hash_conflict')) throw error;
    // Someone else's change came first; what is drawn here was read after it.
    await client.views.publish({ user_id: actor.memberId, view });
  }
}
