import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Database } from './client.ts';
import { sql } from './drizzle.ts';
import { origin } from './schema/records.ts';

/** Where a database says it is, and how far it has come. */
interface Place {
  /** Cluster, database and timeline; a restored dump has another, and so has a promoted or rewound server. */
  readonly identity: string;
  /** Only ever rises. */
  readonly heartbeat: number;
}

const Seen = z.record(z.string(), z.number());

/**
 * Notices that a database was restored from a backup: it forgot what was done since, and might do it again. Two signs:
 * it lives elsewhere than it says (cluster identifier, database oid, timeline: PostgreSQL's `pg_control_system`,
 * `pg_control_checkpoint`), or it has not come as far as this machine has seen.
 * @param file where this machine remembers how far each database had come
 */
export function createOrigin(database: Database, file: string) {
  return {
    /** Why this looks like a restored database, or null. Changes nothing. */
    async findRestore(): Promise<string | null> {
      const { identity, stored } = await readPlace(database);
      if (stored === null) return null;
      if (stored.identity !== identity) return 'it was moved, restored or promoted';
      return stored.heartbeat < (readSeen(file)[identity] ?? 0)
        ? 'it has not come as far as was seen here before'
        : null;
    },
    /** Notes where the database is and that it goes on; called at start and from time to time. */
    async note(): Promise<void> {
      const { identity } = await readPlace(database);
      const [row] = await database.db
        .insert(origin)
        .values({ single: true, identity, heartbeat: 1 })
        .onConflictDoUpdate({
          target: origin.single,
          set: { identity, heartbeat: sql`${origin.heartbeat} + 1` },
        })
        .returning();
      const fresh = `${file}.${process.pid}`;
      writeFileSync(fresh, JSON.stringify({ [identity]: row?.heartbeat ?? 0 }), { mode: 0o600 });
      renameSync(fresh, file);
    },
  };
}

async function readPlace(database: Database): Promise<{ identity: string; stored: Place | null }> {
  const [now] = await database.db.execute<{ identity: string }>(sql`
    select concat_ws('/', (pg_control_system()).system_identifier, (pg_control_checkpoint()).timeline_id,
      (select oid from pg_database where datname = current_database())) as identity`);
  const [row] = await database.db.select().from(origin);
  return { identity: now?.identity ?? '', stored: row ?? null };
}

/** Nothing was seen where there is no file yet. */
function readSeen(file: string): Record<string, number> {
  try {
    return Seen.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
