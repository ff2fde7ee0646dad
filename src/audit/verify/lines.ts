import { closeSync, existsSync, openSync, readSync } from 'node:fs';

const CHUNK = 1 << 20;
/** No line of an export is longer; one that is comes in pieces, none of which fits. */
const LONGEST = 1 << 23;

export interface Lines {
  /** The next line without its end; null after the last. */
  next(): string | null;
  /** Number of the line that `next` gave last, from 1. */
  number(): number;
  close(): void;
}

/**
 * Reads a file line by line in constant memory. What follows the last line end is given as a line with a NUL behind
 * it, so that it equals no line that was meant. A file that does not exist has no lines.
 */
export function readLines(path: string): Lines {
  const fd = existsSync(path) ? openSync(path, 'r') : null;
  const buffer = Buffer.allocUnsafe(CHUNK);
  let rest: Buffer = Buffer.alloc(0);
  let lines: string[] = [];
  let [at, number, ended] = [0, 0, fd === null];

  const fill = (): void => {
    while (at === lines.length && !ended && fd !== null) {
      const read = readSync(fd, buffer, 0, CHUNK, null);
      const chunk = buffer.subarray(0, read);
      const last = chunk.lastIndexOf(10);
      ended = read === 0;
      if (ended) {
        lines = rest.length === 0 ? [] : [`${rest.toString('utf8')}\u0000`];
        at = 0;
      } else if (last === -1) {
        rest = Buffer.concat([rest, chunk]);
        if (rest.length < LONGEST) continue;
        [lines, at, rest] = [[rest.toString('utf8')], 0, Buffer.alloc(0)];
      } else {
        lines = Buffer.concat([rest, chunk.subarray(0, last)])
          .toString('utf8')
          .split('\n');
        at = 0;
        rest = Buffer.from(chunk.subarray(last + 1));
      }
    }
  };
  return {
    next() {
      if (at === lines.length) fill();
      const line = lines[at];
      if (line === undefined) return null;
      at += 1;
      number += 1;
      return line;
    },
    number: () => number,
    close() {
      if (fd !== null) closeSync(fd);
    },
  };
}
