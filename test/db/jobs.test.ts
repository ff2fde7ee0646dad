import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdleWorkers } from '../../src/db/idle-workers.ts';
import { createJobs, type Jobs } from '../../src/db/jobs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const WORKERS = 6;

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 3000) throw new Error(`waited in vain for ${what}`);
    await sleep(10);
  }
}

describe('wake-ups', () => {
  let database: TestDatabase;
  const opened: Jobs[] = [];
  const open = async (): Promise<Jobs> => {
    const jobs = await createJobs({ url: database.ownerUrl, role: 'agentdesk_app' }, (error) => {
      throw error;
    });
    opened.push(jobs);
    return jobs;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(async () => {
    await Promise.all(opened.map((jobs) => jobs.stop()));
    await database.drop();
  });

  it('come to each key, in both processes, with never two at a time for one', async () => {
    const running = new Set<string>();
    const done: string[] = [];
    let everyoneBusy = false;
    let overlaps = 0;
    const handle = async (key: string): Promise<void> => {
      if (running.has(key)) overlaps += 1;
      running.add(key);
      everyoneBusy ||= running.size === WORKERS * 2;
      // A backlog is worked on by all there are; until they are, nobody ends.
      await until('every worker to be woken', () => everyoneBusy);
      running.delete(key);
      done.push(key);
    };
    const [first, second] = [await open(), await open()];
    await first.work('conversation', WORKERS, handle);
    await second.work('conversation', WORKERS, handle);
    const keys = Array.from({ length: 60 }, (_, index) => `key-${index % 20}`);
    await Promise.all(keys.map((key) => first.wakeNow('conversation', key)));
    await until('every job', () => done.length === keys.length);
    expect(overlaps).toBe(0);
  });

  it('do not multiply while what they are for is put off again and again', async () => {
    const jobs = await open();
    let [dueAt, tries] = [0, 0];
    await jobs.work('deliver', 2, async (key) => {
      const now = performance.now();
      if (now >= dueAt) [dueAt, tries] = [now + 300, tries + 1];
      if (tries < 12) await jobs.wakeLater('deliver', key, (dueAt - now) / 1000);
    });
    // Two at once, as after a burst of messages.
    await Promise.all([jobs.wakeNow('deliver', 'away'), jobs.wakeNow('deliver', 'away')]);
    await until('twelve tries', () => tries >= 12);
    const [row] = await database.owner<{ made: number }[]>`
      select count(*)::int as made from pgboss.job where name = 'deliver'`;
    // For each try a timer's job and a delayed one, and now and then one between; without remembering, 160 were seen.
    expect(row?.made).toBeLessThan(12 * 4);
  });
});

describe('createIdleWorkers', () => {
  it('wakes one worker for each notification, each in its turn', () => {
    const woken: string[] = [];
    const idle = createIdleWorkers((worker) => woken.push(worker));
    for (const worker of ['a', 'b', 'c']) idle.add('deliver', worker);
    idle.wakeOne('deliver');
    idle.wakeOne('deliver');
    expect(woken).toEqual(['a', 'b']);
  });

  it('wakes nobody who has something to do, and them again afterwards', () => {
    const woken: string[] = [];
    const idle = createIdleWorkers((worker) => woken.push(worker));
    idle.add('deliver', 'a');
    const release = idle.busy('deliver', 'a');
    idle.wakeOne('deliver');
    expect(woken).toEqual([]);
    release();
    idle.wakeOne('deliver');
    idle.wakeOne('home');
    expect(woken).toEqual(['a']);
  });
});
