import type postgres from 'postgres';
import type { Keyring } from '../../db/seal.ts';
import { SEALED, type SealedColumn } from './columns.ts';

const BATCH = 200;

/** How many sealed values there are, by the id of their key. */
export async function countByKey(sql: postgres.Sql): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { table, column } of SEALED) {
    const rows = await sql<{ key: string; count: number }[]>`
      select split_part(${sql(column)}, '.', 2) as key, count(*)::int as count from ${sql(table)}
      where ${sql(column)} is not null group by 1`;
    for (const { key, count } of rows) counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}

/**
 * Seals every value anew that another key than the first has sealed, a batch after the other. Which are left stands in
 * the values themselves: when it is broken off, the next run goes on. A value that changes meanwhile is left alone;
 * whoever changed it used the first key.
 * @param onProgress told how many were sealed anew so far
 * @returns how many values no key of ours opens; they stay as they are
 */
export async function resealAll(
  sql: postgres.Sql,
  keyring: Keyring,
  onProgress: (done: number) => void,
): Promise<{ done: number; lost: number }> {
  let [done, lost] = [0, 0];
  for (const sealed of SEALED) {
    let after: string | null = '';
    while (after !== null) {
      const batch: { done: number; lost: number; last: string | null } = await resealBatch(
        sql,
        keyring,
        sealed,
        after,
      );
      done += batch.done;
      lost += batch.lost;
      after = batch.last;
      onProgress(done);
    }
  }
  return { done, lost };
}

/** @param after values up to this one have been looked at; a sealed value is an order as good as any */
async function resealBatch(
  sql: postgres.Sql,
  keyring: Keyring,
  { table, column, key, more, ...sealed }: SealedColumn,
  after: string,
): Promise<{ done: number; lost: number; last: string | null }> {
  const current = `v1.${keyring.currentId}.%`;
  const columns: [...string[], string] = [...key, ...more, column];
  const rows = await sql<Record<string, unknown>[]>`
    select ${sql(columns)} from ${sql(table)}
    where ${sql(column)} > ${after} and ${sql(column)} not like ${current}
    order by ${sql(column)} limit ${BATCH}`;
  let [done, lost] = [0, 0];
  for (const row of rows) {
    const old = String(row[column]);
    if (!keyring.knows(old)) {
      lost += 1;
      continue;
    }
    const [purpose, place] = [sealed.purpose(row), sealed.place(row)];
    const fresh = keyring.seal(purpose, place, keyring.open(purpose, place, old));
    const changed =
      await sql`update ${sql(table)} set ${sql(column)} = ${fresh} where ${sql(column)} = ${old}`;
    done += changed.count;
  }
  const last = rows.at(-1)?.[column];
  return { done, lost, last: rows.length < BATCH || typeof last !== 'string' ? null : last };
}
