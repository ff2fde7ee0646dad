/** Queues. A job is only a wake-up: what to do stands in rows, which its handler drains in order. */
export type QueueName = 'conversation' | 'approval' | 'deliver' | 'home' | 'reconcile';

export const QUEUES: readonly QueueName[] = ['conversation', 'approval', 'deliver', 'home', 'reconcile'];

/** Of each queue. After a kill -9 the heartbeat brings an orphaned job back within about 10 s. */
export const QUEUE_OPTIONS = {
  policy: 'singleton',
  notify: true,
  retryLimit: 1_000_000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 30,
  heartbeatSeconds: 10,
  expireInSeconds: 900,
  deleteAfterSeconds: 3600,
} as const;
