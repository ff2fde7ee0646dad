import { cancelTurn } from '../../calls/stop.ts';
import { tellStatus } from '../deliver/tell.ts';
import { listOpenTurns } from '../deliver/thread-turns.ts';
import type { EventArgs, SlackDeps } from '../deps.ts';
import { workspaceOf } from '../identity.ts';

/** Slack's own Stop button: ends what this member has open in the thread. Slack leaves the status to us. */
export async function handleAgentSessionStopped(
  deps: SlackDeps,
  { event, body, context }: EventArgs<'agent_session_stopped'>,
): Promise<void> {
  const workspaceId = workspaceOf(context);
  const open = await listOpenTurns(deps.calls.database, {
    workspaceId,
    channel: event.channel,
    threadTs: event.thread_ts,
  });
  const mine = open.filter((turn) => turn.memberId === event.user);
  for (const turn of mine) await cancelTurn(deps.calls, turn.id, `member:${event.user}`);
  const [first] = mine;
  if (first !== undefined) await tellStatus(deps, first, `stopped:${body.event_id}`);
}
