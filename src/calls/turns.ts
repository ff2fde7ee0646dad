import { createHash } from 'node:crypto';
import { append } from '../audit/append.ts';
import { previewText } from '../audit/preview.ts';
import { and, eq, inArray, sql } from '../db/drizzle.ts';
import { conversations, inboundEvents, turns } from '../db/schema/conversations.ts';
import { enqueueWork } from '../db/work.ts';
import { deriveTraceId } from '../telemetry-ids.ts';
import { ensureMember } from '../vault/accounts/members.ts';
import type { CallDeps, Turn } from './deps.ts';

export interface IncomingMessage {
  readonly workspaceId: string;
  readonly memberId: string;
  readonly channel: string;
  readonly threadTs: string;
  /** Unique per delivery (Slack's `event_id`); a redelivered one does nothing. */
  readonly eventId: string;
  readonly text: string;
  readonly surface: 'dm' | 'channel';
  /** The turn whose words these are, when a person asked for it once more by a button. */
  readonly repeats?: string;
}

type TurnDeps = Pick<CallDeps, 'database' | 'jobs' | 'embeddedVault'> & {
  vault: { vault: { issuer: string } };
};

/**
 * Takes a person's message: deduplicated, written down as a turn, audited, and its conversation woken, in one
 * transaction.
 * @returns false when this delivery was taken before
 */
export async function receiveMessage(deps: TurnDeps, message: IncomingMessage): Promise<boolean> {
  const { workspaceId, memberId, channel, threadTs } = message;
  const conversationId = nameConversation(message);
  return deps.database.transaction(async (tx) => {
    const fresh = await tx
      .insert(inboundEvents)
      .values({ workspaceId, eventId: message.eventId })
      .onConflictDoNothing()
      .returning();
    if (fresh.length === 0) return false;
    await ensureMember(tx, {
      workspaceId,
      memberId,
      issuer: deps.vault.vault.issuer,
      embedded: deps.embeddedVault,
    });
    await tx
      .insert(conversations)
      .values({ id: conversationId, workspaceId, channel, threadTs, memberId })
      .onConflictDoNothing();
    const id = `${workspaceId}/${channel}/${threadTs}/${message.eventId}`;
    const traceId = deriveTraceId(id);
    await tx.insert(turns).values({
      id,
      workspaceId,
      conversationId,
      memberId,
      channel,
      threadTs,
      surface: message.surface,
      text: message.text,
      status: 'queued',
      traceId,
    });
    await append(tx, {
      workspaceId,
      type: 'message.received',
      actor: `member:${memberId}`,
      memberId,
      outcome: 'queued',
      turnId: id,
      traceId,
      detail: {
        channel,
        surface: message.surface,
        text: previewText(message.text),
        ...(message.repeats === undefined ? {} : { repeats: message.repeats }),
      },
    });
    await enqueueWork(tx, deps.jobs, { workspaceId, conversationId, turnId: id, kind: 'turn' });
    return true;
  });
}

/**
 * Has a request worked on once more, from the start and in the person's own words; once for each turn, however many of
 * its calls ran out of time.
 * @returns false when that was asked for before
 */
export async function repeatTurn(deps: TurnDeps, turn: Turn): Promise<boolean> {
  const { workspaceId, memberId, channel, threadTs, text, surface } = turn;
  const name = createHash('sha256').update(turn.id).digest('hex').slice(0, 24);
  const eventId = `again-${name}`;
  const place = { workspaceId, memberId, channel, threadTs, surface };
  return receiveMessage(deps, { ...place, eventId, text, repeats: turn.id });
}

/** (workspace, channel, Slack thread, member) as one id: in a shared thread each member has their own. */
function nameConversation(key: {
  workspaceId: string;
  channel: string;
  threadTs: string;
  memberId: string;
}): string {
  const text = JSON.stringify([key.workspaceId, key.channel, key.threadTs, key.memberId]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

export async function findTurn(deps: Pick<CallDeps, 'database'>, turnId: string): Promise<Turn | null> {
  const [row] = await deps.database.db.select().from(turns).where(eq(turns.id, turnId));
  return row ?? null;
}

/** Marks a turn as worked on. @returns false when it has ended already, so there is nothing to do */
export async function startTurn(deps: Pick<CallDeps, 'database'>, turnId: string): Promise<boolean> {
  const rows = await deps.database.db
    .update(turns)
    .set({ status: 'running' })
    .where(and(eq(turns.id, turnId), inArray(turns.status, ['queued', 'running', 'waiting'])))
    .returning({ id: turns.id });
  return rows.length > 0;
}

/** Records how a turn stands after a run; an end is final and audited. */
export async function settleTurn(
  deps: Pick<CallDeps, 'database'>,
  turn: Turn,
  status: 'waiting' | 'done' | 'failed' | 'cancelled',
  why: string | null = null,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const [row] = await tx
      .update(turns)
      .set({ status, ...(status === 'waiting' ? {} : { endedAt: sql`clock_timestamp()` }) })
      .where(and(eq(turns.id, turn.id), inArray(turns.status, ['queued', 'running', 'waiting'])))
      .returning();
    if (row === undefined || status === 'waiting') return;
    await append(tx, {
      workspaceId: row.workspaceId,
      type: 'turn.ended',
      actor: `agent:${row.agent}`,
      memberId: row.memberId,
      agent: row.agent,
      outcome: status,
      why,
      turnId: row.id,
      traceId: row.traceId,
      detail: { ms: (row.endedAt?.getTime() ?? row.createdAt.getTime()) - row.createdAt.getTime() },
    });
  });
}
