import type { App, ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import { DeskError } from '../../errors.ts';
import { refuseAccess } from '../access.ts';
import { writeSentence } from '../blocks/text.ts';
import type { SlackDeps } from '../deps.ts';
import { readProblem } from './known-rejection.ts';
import { isUnknownWorkspace } from './unknown-workspace.ts';

/** Milliseconds the answer to a stranger may take. */
const ANSWER_MS = 10_000;

/** What a click (`user`, `team`) and a slash command (`user_id`, `team_id`) say of themselves. */
const payload = z.object({
  user: z.object({ id: z.string() }).optional(),
  user_id: z.string().optional(),
  team: z.object({ id: z.string() }).nullish(),
  team_id: z.string().optional(),
  enterprise: z.object({ id: z.string() }).nullish(),
  response_url: z.url().optional(),
});

/**
 * Stands before the app: a click or a command from a workspace where AgentDesk is not installed, as in a channel
 * shared with another organisation, reaches no listener, because there is no token for it. It is recorded here, once,
 * and answered at the address Slack sends with it. Events pass as they are: nobody waits for an answer to those.
 */
export function turnStrangersAway(app: App, deps: SlackDeps): App {
  const processEvent = async (event: ReceiverEvent): Promise<void> => {
    try {
      await app.processEvent(event);
    } catch (error) {
      const isEvent = event.body['type'] === 'event_callback';
      if (isEvent || !isUnauthorized(error) || !isUnknownWorkspace(error)) throw error;
      await event.ack();
      await turnAway(deps, event.body);
    }
  };
  // What stands behind calls nothing else of the app.
  return { processEvent } as unknown as App;
}

/** Whether Bolt could not tell which workspace's token to use, before it called any listener. */
function isUnauthorized(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'slack_bolt_authorization_error';
}

async function turnAway(deps: SlackDeps, body: unknown): Promise<void> {
  const said = payload.catch({}).parse(body);
  const theirs = said.team?.id ?? said.team_id ?? said.enterprise?.id ?? '';
  // Where our own admins look, when there is one workspace of ours only.
  const ours = (await deps.clients.identifyOnly())?.workspaceId ?? theirs;
  const memberId = said.user?.id ?? said.user_id ?? '';
  const refused = new DeskError('not_allowed', { reason: 'you belong to another workspace' });
  await refuseAccess(deps, { workspaceId: ours, memberId, teamId: theirs }, 'from elsewhere', refused);
  if (said.response_url === undefined) return;
  try {
    await fetch(said.response_url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ response_type: 'ephemeral', text: writeSentence(refused.message) }),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  } catch (error) {
    deps.calls.log.warn({ problem: readProblem(error) }, 'a stranger could not be answered');
  }
}
