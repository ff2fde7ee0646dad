import { append } from '../../audit/append.ts';
import type { AuditFilter } from '../../audit/read/filter.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { isFiltered } from './audit-filter.ts';

/**
 * Records that an admin reads what was done for others: once for each view of it, before anything is shown.
 * @param where which view: `home`, `command`, `call`, `insights`
 * @param about.call the call whose story it is; `about.filter` what was looked for
 */
export async function recordAuditRead(
  deps: SlackDeps,
  { workspaceId, memberId }: Actor,
  where: 'home' | 'command' | 'call' | 'insights',
  about: {
    readonly call?: { readonly id: string | null; readonly code: string } | null;
    readonly filter?: AuditFilter;
  } = {},
): Promise<void> {
  const { call = null, filter = {} } = about;
  await deps.calls.database.transaction((tx) =>
    append(tx, {
      workspaceId,
      type: 'audit.read',
      actor: `member:${memberId}`,
      memberId,
      target: where,
      outcome: 'shown',
      call,
      detail: isFiltered(filter) ? { filter } : {},
    }),
  );
}
