import { writeSentence } from '../blocks/text.ts';
import { buildNotice } from '../blocks/modals.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { publishHome } from '../home/publish.ts';
import { readHomeState } from '../home/state.ts';

/** Where a click was made. */
export function surfaceOf(body: ActionArgs['body']): 'card' | 'home' {
  return body.view?.type === 'home' ? 'home' : 'card';
}

/**
 * Says a sentence to the one who clicked, wherever that was: Home has no `respond`, so it is drawn anew; a modal is
 * replaced; beside a message it is ephemeral.
 */
export async function answer(
  deps: SlackDeps,
  { body, client, respond }: Pick<ActionArgs, 'body' | 'client' | 'respond'>,
  actor: Actor,
  sentence: string,
): Promise<void> {
  if (body.view?.type === 'home') {
    const { hash, private_metadata: metadata } = body.view;
    await publishHome(deps, client, actor, readHomeState(metadata), { hash, notice: sentence });
  } else if (body.view !== undefined) {
    await client.views.update({ view_id: body.view.id, view: buildNotice('AgentDesk', sentence) });
  } else if (body.response_url !== undefined) {
    await respond({ response_type: 'ephemeral', replace_original: false, text: writeSentence(sentence) });
  } else if (body.channel !== undefined) {
    const text = writeSentence(sentence);
    await client.chat.postEphemeral({ channel: body.channel.id, user: actor.memberId, text });
  }
}
