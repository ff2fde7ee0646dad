import { closeSync, existsSync, openSync, readSync } from 'node:fs';

const CHUNK = 1 << 20;
/** The end of a leaf that records a pruning. */
const MARK = '","type":"audit.pruned","v":1}\n';
const OUTCOME = /"outcome":"before_(\d{1,15})$/;
/** Bytes of the outcome before the mark. */
const OUTCOME_BYTES = 40;

/**
 * How much of a log was pruned, by its leaves: events below this index may be lacking. Read ahead, because the record
 * of a pruning comes after what it excuses; that the leaves are genuine is for the tree to say.
 */
export function findPruned(leavesFile: string): number {
  if (!existsSync(leavesFile)) return 0;
  const fd = openSync(leavesFile, 'r');
  const overlap = MARK.length + OUTCOME_BYTES;
  const buffer = Buffer.allocUnsafe(overlap + CHUNK);
  let [before, kept] = [0, 0];
  try {
    for (let read = readSync(fd, buffer, kept, CHUNK, null); read > 0;) {
      const text = buffer.subarray(0, kept + read);
      for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, at + 1)) {
        const outcome = text.toString('latin1', Math.max(0, at - OUTCOME_BYTES), at);
        before = Math.max(before, Number(OUTCOME.exec(outcome)?.[1] ?? 0));
      }
      // What a chunk cuts in two is looked at again with the next one.
      kept = Math.min(text.length, overlap);
      buffer.copyWithin(0, text.length - kept, text.length);
      read = readSync(fd, buffer, kept, CHUNK, null);
    }
  } finally {
    closeSync(fd);
  }
  return before;
}
