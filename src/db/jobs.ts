import { PgBoss, fromDrizzle } from 'pg-boss';
import type { Transaction } from './client.ts';
import type { DatabaseAccess } from './pool.ts';
import { sql } from './drizzle.ts';
import { createIdleWorkers } from './idle-workers.ts';
import { QUEUE_OPTIONS, QUEUES, type QueueName } from './queues.ts';
import { createLater } from './wake-later.ts';

export interface Jobs {
  /**
   * Wakes the worker of `key`, in the transaction of the row that asks for it.
   * @param startAfter seconds to wait first
   */
  wake(tx: Transaction, queue: QueueName, key: string, startAfter?: number): Promise<void>;
  /** Wakes outside any transaction. */
  wakeNow(queue: QueueName, key: string): Promise<void>;
  /** Wakes in so many seconds, or earlier; also when this process is gone by then. */
  wakeLater(queue: QueueName, key: string, seconds: number): Promise<void>;
  /** Starts `count` workers; at most one of all processes works on a key at a time. */
  work(
    queue: QueueName,
    count: number,
    handler: (key: string, signal: AbortSignal) => Promise<void>,
  ): Promise<void>;
  stop(): Promise<void>;
}

/** Creates pg-boss's schema and our queues. Owner's rights needed. */
export async function setupJobs(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, max: 2, supervise: false, schedule: false });
  const errors: Error[] = [];
  boss.on('error', (error) => errors.push(error));
  await boss.start();
  try {
    for (const name of QUEUES) {
      if ((await boss.getQueue(name)) === null) await boss.createQueue(name, QUEUE_OPTIONS);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  if (errors[0] !== undefined) throw errors[0];
}

/**
 * @param onError told of errors that belong to no call of ours (lost connections, maintenance)
 */
export async function createJobs(access: DatabaseAccess, onError: (error: Error) => void): Promise<Jobs> {
  let onNotified: (queue: string) => void = () => undefined;
  /** By itself pg-boss has every worker of a queue look for each job: ten queries where one finds it. */
  class Boss extends PgBoss {
    override getDb(): ReturnType<PgBoss['getDb']> {
      const db = super.getDb();
      const listen = db.listen?.bind(db);
      if (listen !== undefined)
        db.listen = (channel, _wakeAll, onReconnect) =>
          listen(channel, (queue) => onNotified(queue), onReconnect);
      return db;
    }
  }
  const boss = new Boss({
    connectionString: access.url,
    ...(access.role === null ? {} : { options: `-c role=${access.role}` }),
    application_name: 'agentdesk-jobs',
    max: 4,
    migrate: false,
    createSchema: false,
    schedule: false,
    useListenNotify: true,
    // After a kill -9 these bring an orphaned job back within about 10 s instead of minutes (design §8).
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    reindex: false,
    monitorVacuum: false,
  });
  boss.on('error', onError);
  const idle = createIdleWorkers((worker) => boss.notifyWorker(worker));
  onNotified = (queue) => idle.wakeOne(queue);
  await boss.start();
  const send = (queue: QueueName, key: string, startAfter: number, tx?: Transaction) =>
    boss.send(
      queue,
      { key },
      {
        singletonKey: key,
        ...(startAfter > 0 ? { startAfter } : {}),
        ...(tx === undefined ? {} : { db: fromDrizzle(tx, sql) }),
      },
    );
  const later = createLater(send, onError);
  return {
    async wake(tx, queue, key, startAfter = 0) {
      await send(queue, key, startAfter, tx);
    },
    async wakeNow(queue, key) {
      await send(queue, key, 0);
    },
    wakeLater: (queue, key, seconds) => later.wake(queue, key, seconds),
    async work(queue, count, handler) {
      for (let worker = 0; worker < count; worker += 1) {
        let id = '';
        id = await boss.work<{ key: string }>(
          queue,
          { batchSize: 1, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 },
          async ([job]) => {
            const release = idle.busy(queue, id);
            // The notification that woke this worker may have been for another job.
            idle.wakeOne(queue);
            try {
              if (job !== undefined) await handler(job.data.key, job.signal);
            } finally {
              release();
              // Without this a backlog waits for the next poll after the first few jobs (design §8).
              boss.notifyWorker(id);
            }
          },
        );
        idle.add(queue, id);
      }
    },
    async stop() {
      later.stop();
      await boss.stop({ graceful: true, timeout: 20_000 });
    },
  };
}
