import { recordFinding } from '../../../audit/check/findings.ts';
import type { Transaction } from '../../../db/client.ts';
import { and, asc, eq, isNull, or, sql } from '../../../db/drizzle.ts';
import { tenantLogEntries } from '../../../db/schema/tenant-log.ts';
import { links } from '../../../db/schema/workspaces.ts';
import { findOwn } from './own.ts';
import type { LogDeps } from './take.ts';

const BATCH = 50;

type Entry = typeof tenantLogEntries.$inferSelect;

/**
 * Compares entries of the tenant's log with our own audit. What we did not do was done by somebody who holds the
 * client's credentials and a subject's token: the admins are told.
 * @param graceSeconds an entry younger than this is left: what it is about may not be written down here yet
 * @returns how many were judged
 */
export async function judgeEntries(deps: LogDeps, graceSeconds: number): Promise<number> {
  const due = await deps.database.db
    .select()
    .from(tenantLogEntries)
    .where(
      and(
        eq(tenantLogEntries.issuer, deps.issuer),
        isNull(tenantLogEntries.verdict),
        sql`${tenantLogEntries.receivedAt} <= clock_timestamp() - make_interval(secs => ${graceSeconds})`,
      ),
    )
    .orderBy(asc(tenantLogEntries.at), asc(tenantLogEntries.logId))
    .limit(BATCH);
  for (const entry of due) await judge(deps, entry);
  return due.length;
}

async function judge(deps: LogDeps, entry: Entry): Promise<void> {
  const own = await findOwn(deps.database, entry);
  const told = own === null ? await listTold(deps, entry) : [];
  for (const { workspaceId, memberId } of told) {
    await deps.database.within(workspaceId, (tx) => tell(tx, workspaceId, memberId, entry));
  }
  // Last, so that a crash before it tells once more; a finding that is known is not told twice.
  await deps.database.db
    .update(tenantLogEntries)
    .set({ verdict: own === null ? 'foreign' : 'ours', eventId: own?.eventId ?? null })
    .where(
      and(
        eq(tenantLogEntries.issuer, entry.issuer),
        eq(tenantLogEntries.logId, entry.logId),
        isNull(tenantLogEntries.verdict),
      ),
    );
}

/** The workspaces of whoever it is about; where nobody is known here, all that use the tenant. */
async function listTold(
  { database }: LogDeps,
  entry: Entry,
): Promise<{ workspaceId: string; memberId: string | null }[]> {
  const theirs = await database.db
    .select({ workspaceId: links.workspaceId, memberId: links.memberId })
    .from(links)
    .where(and(eq(links.issuer, entry.issuer), eq(links.subject, entry.subject)));
  if (theirs.length > 0) return theirs;
  const all = await database.db
    .selectDistinct({ workspaceId: links.workspaceId })
    .from(links)
    .where(or(eq(links.issuer, entry.issuer), isNull(links.unlinkedAt)));
  return all.map(({ workspaceId }) => ({ workspaceId, memberId: null }));
}

async function tell(
  tx: Transaction,
  workspaceId: string,
  memberId: string | null,
  entry: Entry,
): Promise<void> {
  const whose = memberId === null ? 'someone who is not linked here' : `<@${memberId}>`;
  const at = `${entry.at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const what = entry.type.startsWith('ciba_')
    ? `asked the device of ${whose}`
    : `${entry.type === 'seta' ? 'gave out' : 'was asked for'} a token of ${whose}${entry.connection === null ? '' : ` for ${/^[\w.-]{1,60}$/.test(entry.connection) ? entry.connection : 'a connection'}`}`;
  await recordFinding(tx, workspaceId, {
    kind: 'foreign_exchange',
    key: `tenant-log/${new URL(entry.issuer).host}/${entry.logId}`,
    text: `The tenant ${what} at ${at}, and it was not AgentDesk that asked. Somebody may hold its client secret: change it at the tenant.`,
  });
}
