import type { Config, Secrets } from '../config-types.ts';
import type { HttpDoorOptions } from '../http/options.ts';
import type { Log } from '../telemetry.ts';
import { judgeEntries } from '../vault/tenant/log/judge.ts';
import { createLogReader } from '../vault/tenant/log/read.ts';
import { forgetOld, takeStream } from '../vault/tenant/log/take.ts';
import type { Desk } from './desk.ts';
import { startTicker } from './ticker.ts';

/** Seconds until what an entry tells of must be written down here, too. */
const GRACE = 120;
const HOUR = 3_600_000;

/** The tenant's log, by stream and by its Management API, compared with our own. */
export interface TenantLog {
  readonly door: HttpDoorOptions['tenantLog'];
  start(): { stop(): Promise<void> };
}

/** @returns null where there is no tenant */
export function openTenantLog(
  desk: Pick<Desk, 'database' | 'deps'>,
  { tenant }: Config,
  secrets: Pick<Secrets, 'auth0LogStreamToken'>,
  log: Log,
): TenantLog | null {
  if (tenant === null) return null;
  const { issuer, clientId, logPollSeconds } = tenant;
  const { vault } = desk.deps.vault;
  const deps = { database: desk.database, issuer, clientId, now: () => new Date() };
  const token = secrets.auth0LogStreamToken;
  const read = createLogReader({
    ...deps,
    client: vault.client,
    fetch: vault.fetch,
    everySeconds: logPollSeconds,
  });
  return {
    door: token === null ? null : { token, take: (body) => takeStream(deps, body) },
    start() {
      const tickers = [
        startTicker('compare the tenant’s log', 10_000, log, () => judgeEntries(deps, GRACE)),
        startTicker('forget the tenant’s log', HOUR, log, async () => {
          await forgetOld(deps);
          return 0;
        }),
        ...(logPollSeconds === 0 ? [] : [startTicker('read the tenant’s log', 5_000, log, read)]),
      ];
      return {
        async stop() {
          await Promise.all(tickers.map((ticker) => ticker.stop()));
        },
      };
    },
  };
}
