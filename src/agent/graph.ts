import { authorize, type Authorized, type ToolCall } from '../calls/authorize.ts';
import type { Call, CallDeps, Turn } from '../calls/deps.ts';
import { describeChanges } from '../calls/edit.ts';
import { perform } from '../calls/perform.ts';
import { findApprovalOf, findFirstRevision, waitsForPerson } from '../calls/query.ts';
import { findTurn } from '../calls/turns.ts';
import { DeskError } from '../errors.ts';
import { describeMissingAccount, describePendingApproval } from './auth0-interrupts.ts';
import type { createCheckpointer } from './checkpoints.ts';
import { AIMessage, ToolMessage, type BaseMessage } from './langchain.ts';
import { Annotation, END, interrupt, Send, START, StateGraph } from './langgraph.ts';
import type { ToolModel } from './model.ts';
import { normalizeMessage, readUnusable } from './normalize.ts';
import { describeCall, describeRefusal } from './tool-result.ts';
import { createTurnQueue } from './turn-queue.ts';

/** Model calls in one turn; a model that loops is told off in words. */
const MAX_STEPS = 12;

const State = Annotation.Root({
  turnId: Annotation<string>(),
  /** The person's words in this conversation, for telling where a target came from. */
  words: Annotation<string[]>(),
  messages: Annotation<BaseMessage[]>({
    reducer: (before, added) => [...before, ...added],
    default: () => [],
  }),
  steps: Annotation<number>({ reducer: (before, added) => before + added, default: () => 0 }),
});

/** What one `call` task gets. */
interface CallInput {
  readonly turnId: string;
  readonly words: string[];
  readonly toolCall: ToolCall;
  readonly unusable: string | null;
}

/**
 * model → call (authorize, perform) → model. The ledger is the truth and the graph only waits: LangGraph runs an
 * interrupted node again from its first line, and every line of `call` is harmless to repeat.
 */
export function createGraph(
  deps: CallDeps,
  model: ToolModel,
  saver: ReturnType<typeof createCheckpointer>['saver'],
) {
  const queue = createTurnQueue();

  const runModel = async (state: typeof State.State) => {
    const turn = await mustFindTurn(deps, state.turnId);
    if (turn.status === 'cancelled') return { messages: [new AIMessage('Stopped.')] };
    if (state.steps >= MAX_STEPS) throw new DeskError('turn_too_long', { steps: MAX_STEPS });
    return { messages: [normalizeMessage(await model.invoke(state.messages))], steps: 1 };
  };

  const route = (state: typeof State.State) => {
    const last = state.messages.at(-1) as AIMessage;
    const unusable = readUnusable(last);
    const sends = (last.tool_calls ?? []).map(
      (call) =>
        new Send('call', {
          turnId: state.turnId,
          words: state.words,
          toolCall: { id: call.id ?? '', name: call.name, args: call.args },
          unusable: unusable[call.id ?? ''] ?? null,
        } satisfies CallInput),
    );
    return sends.length === 0 ? END : sends;
  };

  const runCall = (input: CallInput) =>
    queue.run(input.turnId, async () => {
      const { content, ok } = await settle(deps, input);
      const { id, name } = input.toolCall;
      return {
        messages: [new ToolMessage({ tool_call_id: id, name, content, status: ok ? 'success' : 'error' })],
      };
    });

  return new StateGraph(State)
    .addNode('model', runModel)
    .addNode('call', runCall as unknown as (state: typeof State.State) => ReturnType<typeof runCall>)
    .addEdge(START, 'model')
    .addConditionalEdges('model', route, ['call', END])
    .addEdge('call', 'model')
    .compile({ checkpointer: saver });
}

/** Authorize, then perform; interrupts while a person has to do something. */
async function settle(deps: CallDeps, input: CallInput): Promise<{ content: string; ok: boolean }> {
  const turn = await mustFindTurn(deps, input.turnId);
  let authorized: Authorized;
  try {
    if (input.unusable !== null) {
      throw new DeskError('arguments_invalid', {
        action: input.toolCall.name.slice(0, 60),
        problem: input.unusable,
      });
    }
    authorized = await authorize(deps, turn, input.words, input.toolCall);
  } catch (error) {
    if (error instanceof DeskError && !isTemporary(error))
      return { ok: false, content: describeRefusal(error) };
    throw error;
  }
  const { id } = input.toolCall;
  if (authorized.kind === 'queued') interrupt({ code: 'APPROVAL_QUEUED', toolCall: { id } });
  if (authorized.kind === 'connect') {
    const { connection, scopes } = authorized.request;
    interrupt(describeMissingAccount(id, connection, scopes, scopes));
  }
  if (authorized.kind !== 'call') throw new DeskError('internal', { reference: 'resumed without a call' });
  if (await waitsForPerson(deps, authorized.call)) await interruptForApproval(deps, id, authorized.call);
  let call = await perform(deps, turn, authorized.call.id);
  // Read back as not done: claim anew, while its time lasts.
  if (call.status === 'allowed' || call.status === 'approved') call = await perform(deps, turn, call.id);
  if (call.status === 'executing') interrupt({ code: 'EFFECT_SETTLING', toolCall: { id } });
  return describeCall(
    call,
    call.revision > 1 ? describeChanges(await findFirstRevision(deps, call), call) : null,
  );
}

async function interruptForApproval(deps: CallDeps, toolCallId: string, call: Call): Promise<void> {
  const approval = await findApprovalOf(deps, call.id);
  interrupt(
    describePendingApproval(toolCallId, {
      id: approval?.authReqId ?? '',
      requestedAt: approval?.createdAt ?? call.createdAt,
      expiresIn:
        approval === null
          ? 0
          : Math.round((approval.expiresAt.getTime() - approval.createdAt.getTime()) / 1000),
      interval: 5,
    }),
  );
}

/** Worth trying the whole step again instead of telling the model. */
function isTemporary(error: DeskError): boolean {
  return error.code === 'vault_unreachable' || error.code === 'internal';
}

async function mustFindTurn(deps: CallDeps, turnId: string): Promise<Turn> {
  const turn = await findTurn(deps, turnId);
  if (turn === null) throw new DeskError('internal', { reference: 'turn row is gone' });
  return turn;
}
