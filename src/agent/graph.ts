import { authorize, type Authorized, type ToolCall } from '../calls/authorize.ts';
import { refuseOverflow } from '../calls/refusals.ts';
import type { Call, CallDeps, Turn } from '../calls/deps.ts';
import { describeChanges } from '../calls/edit.ts';
import { giveUp, perform } from '../calls/perform.ts';
import { findApprovalOf, findFirstRevision, waitsForPerson } from '../calls/query.ts';
import { findTurn } from '../calls/turns.ts';
import { DeskError } from '../errors.ts';
import { describeMissingAccount, describePendingApproval } from './auth0-interrupts.ts';
import type { createCheckpointer } from './checkpoints.ts';
import { AIMessage, ToolMessage, type BaseMessage } from './langchain.ts';
import { Annotation, END, interrupt, Send, START, StateGraph } from './langgraph.ts';
import type { ToolModel } from './model.ts';
import { MAX_CALLS, normalizeMessage, readUnusable } from './normalize.ts';
import { NAMED_TWICE } from './raw-arguments.ts';
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
}

/** What one `refuse` task gets: everything a message asked for beyond what is taken at a time. */
interface RefuseInput {
  readonly turnId: string;
  readonly calls: readonly Pick<ToolCall, 'id' | 'name'>[];
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
    const answer = await deps.telemetry.trace({ name: 'model', turnId: state.turnId }, () =>
      model.invoke(state.messages),
    );
    return { messages: [normalizeMessage(answer)], steps: 1 };
  };

  const route = (state: typeof State.State) => {
    const { turnId, words, messages } = state;
    const last = messages.at(-1) as AIMessage;
    const unusable = readUnusable(last);
    const calls = (last.tool_calls ?? []).map(({ id = '', name, args }): ToolCall => {
      const problem = unusable[id];
      const why = problem === undefined ? null : { problem, attack: problem === NAMED_TWICE };
      return { id, name, args, unusable: why };
    });
    const taken = calls
      .slice(0, MAX_CALLS)
      .map((toolCall) => new Send('call', { turnId, words, toolCall } satisfies CallInput));
    // One task for all the rest: a task costs several writes, and a hostile model can name thousands.
    const rest = calls.slice(MAX_CALLS).map(({ id, name }) => ({ id, name }));
    const refused =
      rest.length === 0 ? [] : [new Send('refuse', { turnId, calls: rest } satisfies RefuseInput)];
    return calls.length === 0 ? END : [...taken, ...refused];
  };

  const runCall = (input: CallInput) =>
    queue.run(input.turnId, async () => {
      const { content, ok } = await settle(deps, input);
      return { messages: [answerCall(input.toolCall, content, ok)] };
    });

  const runRefuse = async (input: RefuseInput) => {
    const turn = await mustFindTurn(deps, input.turnId);
    const content = describeRefusal(await refuseOverflow(deps, turn, input.calls, MAX_CALLS));
    return { messages: input.calls.map((call) => answerCall(call, content, false)) };
  };

  return new StateGraph(State)
    .addNode('model', runModel)
    .addNode('call', runCall as unknown as (state: typeof State.State) => ReturnType<typeof runCall>)
    .addNode('refuse', runRefuse as unknown as (state: typeof State.State) => ReturnType<typeof runRefuse>)
    .addEdge(START, 'model')
    .addConditionalEdges('model', route, ['call', 'refuse', END])
    .addEdge('call', 'model')
    .addEdge('refuse', 'model')
    .compile({ checkpointer: saver });
}

function answerCall({ id, name }: Pick<ToolCall, 'id' | 'name'>, content: string, ok: boolean): ToolMessage {
  return new ToolMessage({ tool_call_id: id, name, content, status: ok ? 'success' : 'error' });
}

/** Authorize, then perform; interrupts while a person has to do something. */
async function settle(deps: CallDeps, input: CallInput): Promise<{ content: string; ok: boolean }> {
  const turn = await mustFindTurn(deps, input.turnId);
  let authorized: Authorized;
  try {
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
  let call = await performTraced(deps, turn, authorized.call);
  // Read back as not done: claim anew, while its time lasts.
  if (isFree(call)) call = await performTraced(deps, turn, call);
  if (isFree(call)) call = await giveUp(deps, call);
  if (call.status === 'executing') interrupt({ code: 'EFFECT_SETTLING', toolCall: { id } });
  return describeCall(
    call,
    call.revision > 1 ? describeChanges(await findFirstRevision(deps, call), call) : null,
  );
}

async function performTraced(deps: CallDeps, turn: Turn, { id, action, outcome }: Call): Promise<Call> {
  const attributes = { 'agentdesk.action': action, 'agentdesk.tier': outcome };
  return deps.telemetry.trace({ name: 'perform', turnId: turn.id, attributes }, async (set) => {
    const after = await perform(deps, turn, id);
    set({ 'agentdesk.outcome': after.status });
    if (after.errorCode !== null) set({ 'error.type': after.errorCode });
    return after;
  });
}

function isFree({ status }: Call): boolean {
  return status === 'allowed' || status === 'approved';
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
