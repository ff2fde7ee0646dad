import type { Database, Transaction } from '../../db/client.ts';
import { sql, type SQL } from '../../db/drizzle.ts';
import type { AuditScope } from './filter.ts';
import { isHead, isKind } from './heads.ts';
import { readInside } from './lines.ts';

/** How many of something there were on a day (`YYYY-MM-DD`, in the reader's zone). */
export interface DayCount {
  readonly day: string;
  /** A service, or a connection. */
  readonly name: string;
  readonly count: number;
}

export interface Counted {
  readonly name: string;
  readonly count: number;
}

/** How a person answers: what could be a yes without a look. */
export interface Answering {
  readonly memberId: string;
  readonly answers: number;
  readonly denied: number;
  /** In less than two seconds. */
  readonly quick: number;
  /** Sooner than the card can be read. */
  readonly unread: number;
}

/** What the log says of the last days in numbers; counted in the database, whatever its size. */
export interface Insights {
  readonly days: number;
  readonly actions: readonly DayCount[];
  readonly exchanges: readonly DayCount[];
  /** What the policy said of calls: allow, approve, approve_strong, deny. */
  readonly policy: readonly Counted[];
  /** What people, or time, answered: approved, denied, expired, cancelled. */
  readonly answers: readonly Counted[];
  /** Seconds from question to answer; null while nobody answered. */
  readonly decision: { readonly median: number; readonly p95: number } | null;
  readonly denials: readonly Counted[];
  readonly targets: readonly Counted[];
  readonly answering: readonly Answering[];
}

export const INSIGHT_DAYS = 30;
const TOP = 5;

/** @param since where the days begin; see {@link INSIGHT_DAYS} */
export function readInsights(database: Database, scope: AuditScope, since: Date): Promise<Insights> {
  return readInside(database, scope, (tx) => countAll(tx, scope, since));
}

async function countAll(tx: Transaction, scope: AuditScope, since: Date): Promise<Insights> {
  const run: Run = (query) => tx.execute(query);
  const from = (condition: SQL): SQL => sql`from agentdesk.audit_events e
    where e.workspace_id = ${scope.workspaceId} and e.at >= ${since.toISOString()}::timestamptz
      ${scope.memberId === null ? sql`` : sql`and e.member_id = ${scope.memberId}`} and ${condition}`;
  const count = async (name: SQL, condition: SQL, limit = 100): Promise<Counted[]> => {
    const rows = await run<{ name: string | null; count: string }>(
      sql`select ${name} as name, count(*) as count ${from(condition)} group by 1 order by 2 desc, 1 limit ${limit}`,
    );
    return rows.map((row) => ({ name: row.name ?? '', count: Number(row.count) }));
  };
  const countDays = async (name: SQL, condition: SQL): Promise<DayCount[]> => {
    const day = sql`to_char(e.at at time zone ${scope.zone}::text, 'YYYY-MM-DD')`;
    const rows = await run<{ day: string; name: string | null; count: string }>(
      sql`select ${day} as day, ${name} as name, count(*) as count ${from(condition)} group by 1, 2 order by 1, 2`,
    );
    return rows.map((row) => ({ day: row.day, name: row.name ?? '', count: Number(row.count) }));
  };
  const answered = sql`${isKind(['approval.decided'])} and e.actor like 'member:%'`;
  return {
    days: INSIGHT_DAYS,
    actions: await countDays(
      sql`split_part(e.action, '.', 1)`,
      sql`${isKind(['call.settled'])} and e.outcome = 'done'`,
    ),
    exchanges: await countDays(sql`e.target`, isKind(['token.exchanged'])),
    policy: await count(sql`e.outcome`, sql`${isKind(['call.decided'])} and e.actor = 'desk'`),
    answers: await count(sql`e.outcome`, isKind(['approval.decided'])),
    decision: await readDecision(run, from(answered)),
    denials: await count(
      sql`coalesce(nullif(e.why, ''), 'no reason given')`,
      sql`${isKind(['call.decided'])} and e.outcome in ('deny', 'denied')`,
      TOP,
    ),
    targets: await readTargets(run, from(sql`${isHead} and e.type = 'call.proposed'`)),
    answering: await readAnswering(run, from(answered)),
  };
}

type Run = Transaction['execute'];

const SECONDS = sql`coalesce((e.detail->>'seconds')::float8, (e.detail->>'ms')::float8 / 1000)`;

async function readDecision(run: Run, from: SQL): Promise<Insights['decision']> {
  const [row] = await run<{ median: number | null; p95: number | null }>(
    sql`select percentile_cont(0.5) within group (order by ${SECONDS}) as median,
      percentile_cont(0.95) within group (order by ${SECONDS}) as p95 ${from}`,
  );
  return row?.median == null || row.p95 === null ? null : { median: row.median, p95: row.p95 };
}

async function readTargets(run: Run, from: SQL): Promise<Counted[]> {
  const rows = await run<{ name: string | null; count: string }>(
    sql`select t->>'value' as name, count(*) as count from (select e.detail->'targets' as targets ${from}
        and jsonb_typeof(e.detail->'targets') = 'array') c, jsonb_array_elements(c.targets) t
      group by 1 order by 2 desc, 1 limit ${TOP}`,
  );
  return rows.map((row) => ({ name: row.name ?? '', count: Number(row.count) }));
}

/** Who answered most, and how. */
async function readAnswering(run: Run, from: SQL): Promise<Answering[]> {
  const rows = await run<Record<'actor' | 'answers' | 'denied' | 'quick' | 'unread', string>>(
    sql`select e.actor, count(*) as answers, count(*) filter (where e.outcome = 'denied') as denied,
      count(*) filter (where ${SECONDS} < 2) as quick,
      count(*) filter (where e.detail->>'faster_than_reading' = 'true') as unread
      ${from} group by 1 order by 2 desc, 1 limit ${TOP}`,
  );
  return rows.map(({ actor, answers, denied, quick, unread }) => ({
    memberId: actor.slice('member:'.length),
    answers: Number(answers),
    denied: Number(denied),
    quick: Number(quick),
    unread: Number(unread),
  }));
}
