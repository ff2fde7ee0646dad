import { append } from '../../audit/append.ts';
import { listCallEvents, listEvents, type AuditRow } from '../../audit/query.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { nameMembers } from './name-members.ts';

export interface AuditPage {
  readonly rows: readonly AuditRow[];
  /** Whose each event is, by member id: for admins, who see the whole workspace; null for who sees only their own. */
  readonly names: ReadonlyMap<string, string> | null;
}

/**
 * What a person may read of their workspace's audit, newest first: an admin all of it, anyone else what was done on
 * their own behalf. Slack is asked now who is an admin.
 */
export async function readAudit(
  deps: SlackDeps,
  actor: Actor,
  filter: { code?: string; before?: number; limit: number },
): Promise<AuditPage> {
  const { workspaceId } = actor;
  const isAdmin = await deps.directory.isAdmin(actor);
  const memberId = isAdmin ? null : actor.memberId;
  const rows = await listEvents(deps.calls.database, { ...filter, workspaceId, memberId });
  return { rows, names: isAdmin ? await nameAll(deps, workspaceId, rows) : null };
}

/** The same for the events of one call, in the order they happened. @param callId as a button says it */
export async function readCallStory(deps: SlackDeps, actor: Actor, callId: string): Promise<AuditPage> {
  const { workspaceId, memberId } = actor;
  const isAdmin = await deps.directory.isAdmin(actor);
  const all = /^[0-9a-f-]{36}$/.test(callId)
    ? await listCallEvents(deps.calls.database, workspaceId, callId)
    : [];
  const rows = all.filter((row) => isAdmin || row.memberId === memberId);
  return { rows, names: isAdmin ? await nameAll(deps, workspaceId, rows) : null };
}

function nameAll(deps: SlackDeps, workspaceId: string, rows: readonly AuditRow[]) {
  return nameMembers(
    deps,
    workspaceId,
    rows.map((row) => row.memberId).filter((id) => id !== null),
  );
}

/** Whether something in it was not done on behalf of the one who reads. */
export function showsOthers(actor: Actor, rows: readonly AuditRow[]): boolean {
  return rows.some((row) => row.memberId !== actor.memberId);
}

/**
 * Records that an admin reads what was done for others: once for each opening, before anything is shown.
 * @param where which view of it was opened: `home`, `command` or `call`
 */
export async function recordAuditRead(
  deps: SlackDeps,
  { workspaceId, memberId }: Actor,
  where: 'home' | 'command' | 'call',
  call: { readonly id: string | null; readonly code: string } | null,
): Promise<void> {
  await deps.calls.database.transaction((tx) =>
    append(tx, {
      workspaceId,
      type: 'audit.read',
      actor: `member:${memberId}`,
      memberId,
      target: where,
      outcome: 'shown',
      call,
    }),
  );
}
