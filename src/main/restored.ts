import { join } from 'node:path';
import { stop } from '../calls/stop.ts';
import { createOrigin } from '../db/origin.ts';
import type { Log } from '../telemetry.ts';
import type { Desk } from './desk.ts';
import { startTicker } from './ticker.ts';

const NOTE_EVERY_MS = 10_000;

/**
 * A database restored from a backup starts stopped, its open approvals void: it does not know what was done since the
 * backup. Said once; where the database is now is noted after the stop is stored.
 * @returns stops the noting
 */
export async function guardAgainstRestore(desk: Desk, dataDir: string, log: Log) {
  const origin = createOrigin(desk.database, join(dataDir, 'last-seen.json'));
  const why = await origin.findRestore();
  if (why !== null) {
    const open = await stop(desk.deps, { workspaceId: null, memberId: null }, 'desk');
    log.error(
      { why, may_have_happened: open.map((call) => call.code) },
      'this database looks restored from a backup, so everything is stopped and open approvals are void: look at what was done since, then run `agentdesk resume --all`',
    );
  }
  await origin.note();
  return startTicker('note how far the database is', NOTE_EVERY_MS, log, async () => {
    await origin.note();
    return 0;
  });
}
