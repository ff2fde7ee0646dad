import { pause } from '../receivers/pause.ts';

/** Slack tells a person after 3000 ms that nobody answers (docs.slack.dev/interactivity/handling-user-interaction). */
const LONGEST_MS = 2000;

/**
 * Acknowledges a decision once it is stored: a click has no other answer, so one that is acknowledged and then lost in
 * a crash would be lost in silence. Work that takes too long for Slack is acknowledged before it is done.
 * @param work the storing, under way
 * @returns what the work gives; rejects as it does
 */
export async function ackStored<T>(ack: () => Promise<void>, work: Promise<T>): Promise<T> {
  const settled = new AbortController();
  await Promise.race([
    Promise.allSettled([work]).then(() => settled.abort()),
    pause(LONGEST_MS, settled.signal),
  ]);
  await ack();
  return work;
}
