import { checkSlice, listCheckedLogs } from '../../audit/check/check.ts';
import { loadLogSigner, type LogSigner } from '../../audit/log/keys.ts';
import { listOpenLogs, sealLog } from '../../audit/log/seal.ts';
import { beginMonth } from '../../audit/months.ts';
import { tellWitness } from '../../audit/log/witness.ts';
import { forgetTurns } from '../../calls/forget.ts';
import type { AuditConfig } from '../../config-types.ts';
import type { Database } from '../../db/client.ts';
import type { Log } from '../../telemetry.ts';
import type { Sink } from '../../audit/stream/sink.ts';
import type { Desk } from '../desk.ts';
import { startTicker } from '../ticker.ts';
import { tellFindings } from './alert.ts';
import { postCheckpoints } from './channels.ts';
import { streamDue } from './sinks.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Where the audit log goes besides the database. */
export interface AuditOutlets {
  readonly witnessUrl: string | null;
  readonly channels: AuditConfig['witnessChannels'];
  readonly sinks: readonly Sink[];
  /** How long the content of finished turns is kept. */
  readonly contentDays: number;
}

/** Seals, tells the witness and checks the logs, for as long as the desk runs; at its end what waits is sealed once more. */
export async function startAuditTickers(
  desk: Pick<Desk, 'database' | 'jobs' | 'deps'>,
  { witnessUrl, channels, sinks, contentDays }: AuditOutlets,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  const { database } = desk;
  const signer = await loadLogSigner(database, desk.deps.keyring);
  const tickers = [
    startTicker('seal the audit log', 1_000, log, () => sealDue(database, signer)),
    startTicker('begin a month of the audit log', HOUR, log, async () => {
      await beginMonth(database);
      return 0;
    }),
    startTicker('forget what was said', 10 * MINUTE, log, async () => {
      const cutoff = new Date(Date.now() - contentDays * 24 * HOUR);
      return (await forgetTurns(database, cutoff)).more ? 1 : 0;
    }),
    startTicker('check the audit log', MINUTE, log, async () => {
      for (const workspaceId of await listCheckedLogs(database)) {
        const fresh = await checkSlice(database, workspaceId, () => new Date());
        for (const { key, text } of fresh) log.error({ workspaceId, finding: key }, text);
        await tellFindings(desk, workspaceId, new Date());
      }
      return 0;
    }),
    ...(witnessUrl === null
      ? []
      : [
          startTicker('tell the witness', 5_000, log, async () => {
            await tellWitness({ database, url: witnessUrl });
            return 0;
          }),
        ]),
    ...(channels.length === 0
      ? []
      : [startTicker('post checkpoints', 5_000, log, () => postCheckpoints(desk, channels))]),
    ...sinks.map((sink) =>
      startTicker(`stream the audit log to ${sink.name}`, 1_000, log, () => streamDue(database, sink, log)),
    ),
  ];
  return {
    async stop() {
      await Promise.all(tickers.map((ticker) => ticker.stop()));
      await sealDue(database, signer);
    },
  };
}

/** @returns more than 0 when more is waiting */
async function sealDue(database: Database, signer: LogSigner): Promise<number> {
  let waiting = 0;
  for (const workspaceId of await listOpenLogs(database)) {
    const { more } = await sealLog(database, signer, workspaceId, { checkpoint: 'due' });
    if (more) waiting += 1;
  }
  return waiting;
}
