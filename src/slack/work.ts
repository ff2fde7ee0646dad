import { randomBytes } from 'node:crypto';
import type { Outcome } from '../agent/outcome.ts';
import { finishRow, postponeRow, takeNext, type InboxRow } from '../calls/inbox.ts';
import { listTurnCalls, listUnsettled } from '../calls/query.ts';
import { findTurn, settleTurn } from '../calls/turns.ts';
import type { Turn } from '../calls/deps.ts';
import { userMessage, type DeskError } from '../errors.ts';
import { refuseAccess } from './access.ts';
import { deliver } from './deliver/deliver.ts';
import { tellStatus } from './deliver/tell.ts';
import type { WorkDeps } from './deps.ts';

/**
 * Does everything a conversation has to do, in order; the handler of the queue `conversation`. A row that fails
 * is put off and everything after it waits, so that order is kept.
 */
export async function drainConversation(
  deps: WorkDeps,
  conversationId: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const next = await takeNext(deps.calls, conversationId);
    if (next === null) return;
    if (next.dueInSeconds > 0) {
      await deps.calls.jobs.wakeLater('conversation', conversationId, next.dueInSeconds);
      return;
    }
    await handleRow(deps, next.row);
  }
}

/** Does one row and finishes it, or puts it off. */
async function handleRow(deps: WorkDeps, row: InboxRow): Promise<void> {
  const turn = await findTurn(deps.calls, row.turnId);
  try {
    if (turn !== null) {
      const attributes = { 'agentdesk.job.kind': row.kind, 'agentdesk.job.attempt': row.attempts + 1 };
      const step = { name: 'job', turnId: turn.id, attributes } as const;
      await deps.calls.telemetry.trace(step, async () =>
        deliver(deps, await work(deps, row, turn), String(row.id)),
      );
    }
    await finishRow(deps.calls, row);
  } catch (error) {
    const wait = await postponeRow(deps.calls, row, error);
    const about = { conversation: row.conversationId, turn: row.turnId, kind: row.kind };
    if (wait !== null) {
      deps.calls.log.warn({ ...about, err: error }, 'a turn failed and is tried again');
      return;
    }
    const reference = randomBytes(4).toString('hex');
    deps.calls.log.error({ ...about, reference, err: error }, 'a turn was given up');
    if (turn !== null) await giveUp(deps, row, turn, userMessage(error, reference));
    await finishRow(deps.calls, row);
  }
}

async function work(deps: WorkDeps, row: InboxRow, turn: Turn): Promise<Outcome> {
  if (row.kind === 'cancel') return cancel(deps, turn);
  if (turn.status === 'cancelled') return describeTurn(deps, turn, 'cancelled', null);
  if (row.kind === 'turn') {
    const refused = await checkMember(deps, turn);
    if (refused !== null) {
      await settleTurn(deps.calls, turn, 'failed', refused.message);
      return describeTurn(deps, turn, 'failed', refused.message);
    }
    await tellStatus(deps, turn, `${row.id}:start`);
  }
  return deps.run(turn.id);
}

/** Strangers, bots and deactivated people do not get to the agent. Their attempt is audited. */
async function checkMember(deps: WorkDeps, turn: Turn): Promise<DeskError | null> {
  const { workspaceId, memberId } = turn;
  const actor = { workspaceId, memberId, teamId: null };
  const refused = await deps.directory.checkMember(actor);
  if (refused !== null) await refuseAccess(deps, actor, 'message', refused);
  return refused;
}

async function cancel(deps: WorkDeps, turn: Turn): Promise<Outcome> {
  const before = turn.status;
  await settleTurn(deps.calls, turn, 'cancelled', 'stopped');
  if (before === 'done' || before === 'failed') return describeTurn(deps, turn, before, null);
  const unsettled = await listUnsettled(deps.calls, turn.workspaceId, turn.memberId);
  const mine = unsettled.filter((call) => call.turnId === turn.id).map((call) => call.code);
  const rest = mine.length === 0 ? '' : ` These had begun and may still happen: ${mine.join(', ')}.`;
  return describeTurn(deps, turn, 'cancelled', `Stopped. Nothing more is done for this request.${rest}`);
}

async function giveUp(deps: WorkDeps, row: InboxRow, turn: Turn, sentence: string): Promise<void> {
  await settleTurn(deps.calls, turn, 'failed', sentence);
  await deliver(deps, await describeTurn(deps, turn, 'failed', sentence), String(row.id));
}

async function describeTurn(
  deps: WorkDeps,
  turn: Turn,
  status: 'done' | 'failed' | 'cancelled',
  reply: string | null,
): Promise<Outcome> {
  return { turn, status, reply, calls: await listTurnCalls(deps.calls, turn.id), queued: 0, connects: [] };
}
