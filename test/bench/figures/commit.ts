import postgres from 'postgres';
import type { Figure } from '../figure.ts';
import { median, percentile } from '../stats.ts';

/** The yardstick: one row, one commit, waiting for the disk. */
export const commit: Figure = {
  name: 'commit',
  async measure({ databases }, { quick }) {
    const sql = postgres(await databases.createEmpty('bench_commit'), { max: 1, onnotice: () => undefined });
    try {
      await sql`create table yardstick (id bigserial primary key, text text not null)`;
      const times: number[] = [];
      for (let turn = 0; turn < (quick ? 200 : 1000); turn += 1) {
        const started = performance.now();
        await sql`insert into yardstick (text) values ('a row like any other')`;
        times.push(performance.now() - started);
      }
      return [
        { name: 'one commit, p50', unit: 'ms', desk: median(times), bare: null },
        { name: 'one commit, p99', unit: 'ms', desk: percentile(times, 0.99), bare: null },
      ];
    } finally {
      await sql.end({ timeout: 5 });
    }
  },
};
