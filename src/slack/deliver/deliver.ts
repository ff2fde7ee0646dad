import type { Outcome } from '../../agent/outcome.ts';
import type { Approval } from '../../approvals/deps.ts';
import { listForCalls } from '../../approvals/query.ts';
import { cardStateOf } from '../blocks/card-state.ts';
import { splitReply } from '../blocks/reply.ts';
import type { SlackDeps } from '../deps.ts';
import { dmOf, enqueueOutgoing, type Outgoing } from './enqueue.ts';

const IN_YOUR_DM = 'The answer has private data in it, so I sent it to you directly.';
const CARD_IN_DM = 'I need your decision before I go on; I sent it to you directly.';
const CARD_IS_CLOSED = 'I asked for a decision here. It is closed; its card in our direct messages says how.';

type DeliverDeps = Pick<SlackDeps, 'calls' | 'catalog'>;

/**
 * Writes down everything Slack has to be told of an outcome, in one transaction; repeated, it adds nothing.
 * @param stamp tells one run from the next, for the session status; the same for a repeated delivery
 */
export async function deliver(deps: DeliverDeps, outcome: Outcome, stamp: string): Promise<void> {
  const { turn, calls } = outcome;
  const approvals = await listForCalls(
    deps.calls.database,
    calls.filter((call) => call.outcome !== 'allow').map((call) => call.id),
  );
  const rows = [
    ...calls.flatMap((call) => {
      const approval = approvals.find((one) => one.callId === call.id);
      if (approval === undefined) return tellWait(turn, call);
      const waits = isWaiting(call) ? `:${call.attemptId}` : '';
      return tellCard(turn, approval, `${cardStateOf(approval, call)}${waits}`);
    }),
    ...(outcome.queued === 0 ? [] : [tellQueued(turn, outcome.queued)]),
    ...outcome.connects.flatMap((requestId) => tellConnect(turn, requestId)),
    ...(outcome.reply === null ? [] : tellReply(deps, outcome, outcome.reply)),
    statusRow(turn, stamp),
  ];
  await deps.calls.database.transaction((tx) => enqueueOutgoing(tx, deps.calls.jobs, rows));
}

type TurnPlace = Pick<
  Outcome['turn'],
  'id' | 'workspaceId' | 'memberId' | 'channel' | 'threadTs' | 'surface'
>;

/** Where only the member reads: the conversation itself when it is a direct message. */
function privatePlace(turn: TurnPlace): Pick<Outgoing, 'workspaceId' | 'channel' | 'threadTs'> {
  return turn.surface === 'dm'
    ? placeOf(turn)
    : { ...placeOf(turn), channel: dmOf(turn.memberId), threadTs: null };
}

function placeOf({
  workspaceId,
  channel,
  threadTs,
}: TurnPlace): Pick<Outgoing, 'workspaceId' | 'channel' | 'threadTs'> {
  return { workspaceId, channel, threadTs };
}

/** A line in the shared thread that says where the rest is. */
function stub(turn: TurnPlace, key: string, text: string): Outgoing[] {
  if (turn.surface === 'dm') return [];
  return [{ ...placeOf(turn), key: `stub:${key}`, kind: 'post', payload: { type: 'notice', text } }];
}

function tellCard(turn: TurnPlace, approval: Approval, state: string): Outgoing[] {
  const card = {
    ...privatePlace(turn),
    key: `card:${approval.id}`,
    kind: 'post' as const,
    payload: { type: 'card' as const, approvalId: approval.id },
  };
  const update = {
    ...card,
    key: `card:${approval.id}:${state}`,
    kind: 'update' as const,
    targetKey: card.key,
  };
  if (state === 'pending') return [card, ...stub(turn, card.key, CARD_IN_DM)];
  // The line in the shared thread must not go on asking for what is decided.
  const closed = stub(turn, card.key, CARD_IS_CLOSED).map((line): Outgoing => {
    return { ...line, key: `${line.key}:closed`, kind: 'update', targetKey: line.key };
  });
  return [card, update, ...closed];
}

/** A provider refused for its rate limit, and the call waits to be tried again. */
function isWaiting(call: Outcome['calls'][number]): boolean {
  return call.status === 'executing' && call.errorCode === 'provider_rate_limited';
}

/** Said where no card says it. */
function tellWait(turn: TurnPlace, call: Outcome['calls'][number]): Outgoing[] {
  if (!isWaiting(call)) return [];
  const payload = { type: 'notice', text: call.errorMessage ?? '' } as const;
  return [{ ...privatePlace(turn), key: `wait:${call.id}:${call.attemptId}`, kind: 'post', payload }];
}

/** Said once a turn: the rest comes by itself, in order, as places get free. */
function tellQueued(turn: TurnPlace, count: number): Outgoing {
  const text = `${count} more need your approval. You have many open already, so they come in order as you decide those.`;
  return { ...privatePlace(turn), key: `queued:${turn.id}`, kind: 'post', payload: { type: 'notice', text } };
}

function tellConnect(turn: TurnPlace, requestId: string): Outgoing[] {
  const key = `connect:${requestId}`;
  return [
    { ...privatePlace(turn), key, kind: 'post', payload: { type: 'connect', requestId } },
    ...stub(turn, key, 'An account has to be connected first; I sent you a link directly.'),
  ];
}

function tellReply(deps: DeliverDeps, { turn, calls }: Outcome, reply: string): Outgoing[] {
  const readSomething = calls.some((call) => call.result !== null && riskOf(deps, call.action) === 'read');
  const key = `reply:${turn.id}`;
  const place = readSomething ? privatePlace(turn) : placeOf(turn);
  const pieces = splitReply(reply).map((text, index): Outgoing => ({
    ...place,
    key: index === 0 ? key : `${key}:${index + 1}`,
    kind: 'post',
    payload: { type: 'reply', text },
  }));
  return [...pieces, ...(readSomething ? stub(turn, key, IN_YOUR_DM) : [])];
}

function riskOf(deps: DeliverDeps, action: string): string {
  // What is not known counts as private.
  return deps.catalog.find((entry) => entry.id === action)?.risk ?? 'read';
}

/** @param stamp makes the row one of its own; how the session stands is worked out when it is sent */
export function statusRow(turn: TurnPlace, stamp: string): Outgoing {
  return {
    ...placeOf(turn),
    key: `status:${stamp}`,
    kind: 'status',
    payload: { type: 'status', memberId: turn.memberId },
  };
}
