import { sql, type SQL } from '../../db/drizzle.ts';
import { AUDIT_CONDITIONS } from '../../db/schema/audit-conditions.ts';
import type { AuditType } from '../vocabulary.ts';

/** Whether an event has a line of its own in a timeline; over `audit_events e`. */
export const isHead: SQL = sql.raw(AUDIT_CONDITIONS.heads);

/** @param types as literals, so that the index of what is counted can be used */
export function isKind(types: readonly AuditType[]): SQL {
  const list = types.map((type) => `'${type}'`).join(', ');
  return sql.raw(`type in (${list}) and ${AUDIT_CONDITIONS.kinds}`);
}

/** What a call came to. @param outcomes as events have them; ours, never typed by anyone */
export function hasEnd(outcomes: readonly string[]): SQL {
  const wanted = sql.join(
    outcomes.map((outcome) => sql`${outcome}`),
    sql`, `,
  );
  return sql`${sql.raw(AUDIT_CONDITIONS.ends)} and e.outcome in (${wanted})`;
}
