import pg from 'pg';
import { PostgresSaver } from './langgraph.ts';
import { createSaver } from './saver.ts';

const SCHEMA = 'langgraph';

/** Creates LangGraph's own tables, in a schema of their own. Owner's rights needed; not safe in parallel. */
export async function setupCheckpoints(ownerUrl: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 1 });
  try {
    await new PostgresSaver(pool, undefined, { schema: SCHEMA }).setup();
  } finally {
    await pool.end();
  }
}

/**
 * @param max connections for checkpoints; each running turn uses one at a time
 * @param onError told of idle connections that broke, which node-postgres would otherwise throw
 */
export function createCheckpointer(
  access: { readonly url: string; readonly role: string | null },
  max: number,
  onError: (error: Error) => void,
): { saver: InstanceType<typeof PostgresSaver>; close(): Promise<void> } {
  const pool = new pg.Pool({
    connectionString: access.url,
    max,
    application_name: 'agentdesk-checkpoints',
    ...(access.role === null ? {} : { options: `-c role=${access.role}` }),
  });
  pool.on('error', onError);
  return { saver: createSaver(pool, SCHEMA), close: () => pool.end() };
}
