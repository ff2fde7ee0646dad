import type { Database } from '../../db/client.ts';
import type { Outcome, PolicyCall } from '../types.ts';

/** What the policy decided of one call, as it was stored. */
export interface StoredDecision {
  readonly callId: string;
  /** What people know the call by. */
  readonly code: string;
  readonly workspaceId: string;
  readonly memberId: string;
  readonly at: Date;
  readonly call: PolicyCall;
  readonly outcome: Outcome;
  readonly policyVersion: string;
  /** Of a person's edit: what the revision before it was asked for, below which an edit never goes. */
  readonly editedFrom: Outcome | null;
}

/** Which decisions; all of them when nothing is said. */
export interface DecisionRange {
  readonly workspaceId?: string;
  readonly memberId?: string;
  readonly since?: Date;
  /** At most so many, the newest. */
  readonly limit?: number;
}

/** Rows that are held in memory at a time. */
const BATCH = 200;

interface Row {
  readonly id: string;
  readonly code: string;
  readonly workspace_id: string;
  readonly member_id: string;
  readonly created_at: string | Date;
  readonly policy_call: PolicyCall;
  readonly outcome: Outcome;
  readonly policy_version: string;
  readonly edited_from: Outcome | null;
}

/** Streams stored decisions, newest first. One connection is held until it ends. */
export async function* readDecisions(
  { sql }: Database,
  { workspaceId, memberId, since, limit }: DecisionRange,
): AsyncGenerator<StoredDecision> {
  const batches = sql<Row[]>`
    select c.id, c.code, c.workspace_id, c.member_id, c.created_at, c.policy_call, c.outcome, c.policy_version,
      (select p.outcome from agentdesk.calls p
        where p.workspace_id = c.workspace_id and p.turn_id = c.turn_id and p.tool_call_id = c.tool_call_id
          and p.revision = c.revision - 1) as edited_from
    from agentdesk.calls c
    where true
      ${workspaceId === undefined ? sql`` : sql`and c.workspace_id = ${workspaceId}`}
      ${memberId === undefined ? sql`` : sql`and c.member_id = ${memberId}`}
      ${since === undefined ? sql`` : sql`and c.created_at >= ${since.toISOString()}::timestamptz`}
    order by c.created_at desc, c.id
    ${limit === undefined ? sql`` : sql`limit ${limit}`}`.cursor(BATCH);
  for await (const rows of batches) {
    for (const row of rows) {
      yield {
        callId: row.id,
        code: row.code,
        workspaceId: row.workspace_id,
        memberId: row.member_id,
        at: new Date(row.created_at),
        call: row.policy_call,
        outcome: row.outcome,
        policyVersion: row.policy_version,
        editedFrom: row.edited_from,
      };
    }
  }
}
