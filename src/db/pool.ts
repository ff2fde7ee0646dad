import postgres from 'postgres';
import { drizzle } from './drizzle.ts';
import { prepareStatements } from './prepared.ts';

/** How to reach the database: the URL, and the role to act as when the login may act as others. */
export interface DatabaseAccess {
  readonly url: string;
  readonly role: 'agentdesk_app' | 'agentdesk_authority' | null;
}

export type Db = ReturnType<typeof drizzle>;

export interface Generation {
  readonly sql: postgres.Sql;
  readonly db: Db;
}

/** Seconds that what is under way on other connections may still take when a pool is replaced or closed. */
const GRACE = 5;

/**
 * A pool that is replaced by a fresh one as soon as one of its connections was lost. With postgres.js 3.4.9 a connection
 * whose socket closes while bytes wait to be sent never flushes again: it would answer with a timeout for ever, so that
 * each restart of the server could cost a few of the pool's connections.
 */
export function createPool(access: DatabaseAccess, max: number) {
  let isClosing = false;
  const open = (): Generation => {
    const sql: postgres.Sql = postgres(access.url, {
      max,
      onnotice: () => undefined,
      connect_timeout: 10,
      // A connection that ends for its age would look like a lost one.
      max_lifetime: null,
      // Drizzle reads and writes arrays itself, and nobody catches this query when its connection is lost.
      fetch_types: false,
      connection: {
        application_name: 'agentdesk',
        ...(access.role === null ? {} : { role: access.role }),
      },
      onclose: () => {
        if (isClosing || sql !== generation.sql) return;
        generation = open();
        void sql.end({ timeout: GRACE });
      },
    });
    return { sql, db: drizzle(prepareStatements(sql)) };
  };
  let generation = open();
  return {
    current: (): Generation => generation,
    async close(): Promise<void> {
      isClosing = true;
      await generation.sql.end({ timeout: GRACE });
    },
  };
}
