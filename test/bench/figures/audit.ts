import { listLines, type Place } from '../../../src/audit/read/lines.ts';
import { createDatabase, type Database } from '../../../src/db/client.ts';
import { sql } from '../../../src/db/drizzle.ts';
import { fillAuditLog } from '../audit-rows.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { median } from '../stats.ts';

const [SMALL, PAGE] = [10_000, 15];
const MEMBER = { workspaceId: 'T0BENCH', memberId: 'U0P1', zone: 'Europe/Berlin' } as const;

/** A member's page of the timeline, lines and their steps, as App Home and /agentdesk audit read it: the first, and one from the middle. */
export const audit: Figure = {
  name: 'audit',
  async measure({ databases }, { quick, auditRows }) {
    const urls = [await databases.create('bench_audit_small'), await databases.create('bench_audit_large')];
    await fillAuditLog(urls[0] ?? '', SMALL);
    await fillAuditLog(urls[1] ?? '', auditRows);
    const [small, large] = [open(urls[0]), open(urls[1])];
    const logs = [small, large];
    try {
      const first = await Promise.all(logs.map(findFirst));
      const pages: Readonly<Record<string, (index: number, rows: number) => Place>> = {
        'newest page': () => null,
        'page in the middle': (index, rows) => ({ before: (first[index] ?? 0) + rows / 2 }),
      };
      const found: Row[] = [];
      for (const [name, place] of Object.entries(pages)) {
        const [own, bare]: [number[][], number[]] = [[[], []], []];
        for (let turn = 0; turn < (quick ? 50 : 300); turn += 1) {
          for (const [index, log] of logs.entries()) {
            const rows = index === 0 ? SMALL : auditRows;
            const page = { place: place(index, rows), limit: PAGE };
            own[index]?.push(await time(() => listLines(log, MEMBER, {}, page)));
          }
          bare.push(await time(() => readBare(large)));
        }
        const [few = Number.NaN, many = Number.NaN] = own.map(median);
        const count = auditRows.toLocaleString('en');
        found.push(
          { name: `audit, ${name}, 10,000 rows`, unit: 'ms', desk: few, bare: null },
          {
            name: `audit, ${name}, ${count} rows`,
            unit: 'ms',
            desk: many,
            bare: median(bare),
            ratio: { value: many / few, of: '10,000 rows' },
            goal: atMost(many / few, 1.5, '× 10,000 rows'),
          },
        );
      }
      return found;
    } finally {
      await Promise.all(logs.map((log) => log.close()));
    }
  },
};

function open(url: string | undefined): Database {
  return createDatabase({ url: url ?? '', role: 'agentdesk_app' }, 1);
}

/** Ids follow each other from here on. */
async function findFirst(log: Database): Promise<number> {
  const [row] = await log.within(MEMBER.workspaceId, (tx) =>
    tx.execute<{ id: string }>(sql`select min(id)::text as id from agentdesk.audit_events`),
  );
  return Number(row?.id ?? 0);
}

/** As many rows, by their primary key and by nothing else. */
async function readBare(log: Database): Promise<unknown> {
  return log.within(MEMBER.workspaceId, (tx) =>
    tx.execute(sql`select * from agentdesk.audit_events order by id desc limit ${PAGE + 1}`),
  );
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
