import { checkSlice, listCheckedLogs } from '../../audit/check/check.ts';
import { listFindings } from '../../audit/check/findings.ts';
import { loadLogSigner, type LogSigner } from '../../audit/log/keys.ts';
import { listOpenLogs, sealLog } from '../../audit/log/seal.ts';
import { tellWitness } from '../../audit/log/witness.ts';
import type { Database } from '../../db/client.ts';
import { enqueueOutgoing } from '../../slack/deliver/enqueue.ts';
import { noticeToAdmins } from '../../slack/deliver/announce.ts';
import type { Log } from '../../telemetry.ts';
import type { Desk } from '../desk.ts';
import { startTicker } from '../ticker.ts';

const MINUTE = 60_000;
/** Findings that are told in full; more say no more. */
const TOLD = 5;

/** Seals, tells the witness and checks the logs, for as long as the desk runs; at its end what waits is sealed once more. */
export async function startAuditTickers(
  desk: Pick<Desk, 'database' | 'jobs' | 'deps'>,
  witnessUrl: string | null,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  const { database } = desk;
  const signer = await loadLogSigner(database, desk.deps.keyring);
  const tickers = [
    startTicker('seal the audit log', 1_000, log, () => sealDue(database, signer)),
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

/** Tells the admins of what was found in each full minute of the last hour; told twice, it is said once. */
async function tellFindings(
  { database, jobs }: Pick<Desk, 'database' | 'jobs'>,
  workspaceId: string,
  now: Date,
): Promise<void> {
  if (workspaceId === '') return;
  const minute = (at: Date): number => Math.floor(at.getTime() / MINUTE);
  const recent = (await listFindings(database, workspaceId)).filter(
    ({ foundAt }) => minute(foundAt) < minute(now) && minute(foundAt) > minute(now) - 60,
  );
  for (const [at, found] of Map.groupBy(recent, ({ foundAt }) => minute(foundAt))) {
    const more = found.length > TOLD ? ` And ${found.length - TOLD} more.` : '';
    const text = `The check of the audit log found something. ${found
      .slice(0, TOLD)
      .map((finding) => finding.text)
      .join(' ')}${more} Look with: agentdesk audit check`;
    await database.transaction((tx) =>
      enqueueOutgoing(tx, jobs, [noticeToAdmins(workspaceId, `audit:findings:${at}`, text)]),
    );
  }
}
