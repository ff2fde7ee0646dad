import type { CallDeps, Turn } from '../calls/deps.ts';
import { appendHistory, loadHistory } from '../calls/history.ts';
import { listTurnCalls, listWaitingConnects } from '../calls/query.ts';
import { findTurn, settleTurn, startTurn } from '../calls/turns.ts';
import { DeskError, userMessage } from '../errors.ts';
import type { createCheckpointer } from './checkpoints.ts';
import { createGraph } from './graph.ts';
import type { AIMessage, BaseMessage } from './langchain.ts';
import type { ToolModel } from './model.ts';
import { readText } from './normalize.ts';
import type { Outcome } from './outcome.ts';
import { buildPrompt } from './prompt.ts';

export interface Agent {
  /**
   * Takes a turn as far as it goes. Begin, resume and retry are one function: it looks where the turn stands.
   * @throws when something failed that is worth a retry of the whole (database, authority)
   */
  run(turnId: string): Promise<Outcome>;
}

export function createAgent(
  deps: CallDeps,
  model: ToolModel,
  saver: ReturnType<typeof createCheckpointer>['saver'],
): Agent {
  const graph = createGraph(deps, model, saver);

  const advance = async (turn: Turn): Promise<{ waiting: boolean; queued: number; reply: string }> => {
    const config = { configurable: { thread_id: turn.id }, durability: 'sync' as const, recursionLimit: 200 };
    // A turn is marked as begun before its first checkpoint is written: one that was queued has none to look for.
    const before = turn.status === 'queued' ? null : await graph.getState(config);
    let values: unknown = null;
    if (before?.config.configurable?.['checkpoint_id'] === undefined) {
      const [profile, history] = await Promise.all([
        deps.describeMember(turn.workspaceId, turn.memberId),
        loadHistory(deps, turn.conversationId),
      ]);
      const words = [
        ...history.messages.filter((message) => message.role === 'person').map((m) => m.text),
        turn.text,
      ];
      const messages = buildPrompt(turn, profile, history, deps.now());
      values = await graph.invoke({ turnId: turn.id, words, messages }, config);
    } else if (before.next.length > 0) {
      values = await graph.invoke(null, config);
    }
    const reply = readEnd(values);
    if (reply !== null) return { waiting: false, queued: 0, reply };
    const after = await graph.getState(config);
    const open = after.tasks.filter((task) => (task as { result?: unknown }).result === undefined);
    const interrupts = open.flatMap((task) => task.interrupts);
    const queued = interrupts.filter(
      ({ value }) => (value as { code?: unknown }).code === 'APPROVAL_QUEUED',
    ).length;
    if (interrupts.length > 0) return { waiting: true, queued, reply: '' };
    if (after.next.length > 0) throw new DeskError('internal', { reference: 'turn stands still' });
    const last = (after.values as { messages: { content: unknown }[] }).messages.at(-1);
    return { waiting: false, queued: 0, reply: last === undefined ? '' : readText(last) };
  };

  const readReply = async (turnId: string): Promise<string | null> => {
    const turn = await findTurn(deps, turnId);
    if (turn?.status !== 'done') return null;
    const state = await graph.getState({ configurable: { thread_id: turnId } });
    const last = (state.values as { messages?: { content: unknown }[] }).messages?.at(-1);
    return last === undefined ? null : readText(last);
  };

  const describe = async (turnId: string, reply: string | null, queued = 0): Promise<Outcome> => {
    const [turn, calls, connects] = await Promise.all([
      findTurn(deps, turnId),
      listTurnCalls(deps, turnId),
      listWaitingConnects(deps, turnId),
    ]);
    if (turn === null) throw new DeskError('internal', { reference: 'turn row is gone' });
    const { status } = turn;
    return {
      turn,
      status: status === 'queued' || status === 'running' ? 'waiting' : status,
      reply,
      queued,
      calls,
      connects,
    };
  };

  return {
    async run(turnId) {
      const turn = await findTurn(deps, turnId);
      // Ended before: its words are read again, in case they were never delivered.
      if (turn === null || !(await startTurn(deps, turnId))) return describe(turnId, await readReply(turnId));
      try {
        const step = { name: 'graph', turnId } as const;
        const { waiting, queued, reply } = await deps.telemetry.trace(step, () => advance(turn));
        const text = reply === '' && !waiting ? 'I have nothing to add.' : reply;
        if (!waiting) await appendHistory(deps, turn, text);
        await settleTurn(deps, turn, waiting ? 'waiting' : 'done');
        return await describe(turnId, waiting ? null : text, queued);
      } catch (error) {
        if (!(error instanceof DeskError) || !isFinal(error)) throw error;
        deps.log.warn({ err: error, turn: turnId }, 'turn failed');
        const sentence = userMessage(error);
        await appendHistory(deps, turn, sentence);
        await settleTurn(deps, turn, 'failed', sentence);
        return describe(turnId, sentence);
      }
    },
  };
}

/**
 * The last words of a graph that ran to its end, by the state it ended with; null when that does not tell, and the
 * checkpoint has to be asked.
 */
function readEnd(values: unknown): string | null {
  const state = values as { messages?: BaseMessage[]; __interrupt__?: unknown[] } | null;
  const last = state?.messages?.at(-1);
  if (last === undefined || (state?.__interrupt__ ?? []).length > 0) return null;
  return last.type === 'ai' && ((last as AIMessage).tool_calls ?? []).length === 0 ? readText(last) : null;
}

/** Errors that end the turn with a sentence; anything else is tried again. */
function isFinal(error: DeskError): boolean {
  return error.code.startsWith('model_') || error.code === 'turn_too_long';
}
