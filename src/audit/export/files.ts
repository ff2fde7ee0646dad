import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DeskError } from '../../errors.ts';

const STATE = 'export.state.json';

const stateSchema = z.object({
  /** What is exported: the same words again, or the state is of another export. */
  about: z.string(),
  /** Leaves the export will have. */
  size: z.int(),
  /** Index of the first leaf not written. */
  next: z.int(),
  /** Events written. */
  events: z.int(),
  bytes: z.record(z.string(), z.int()),
});

export type ExportState = z.infer<typeof stateSchema>;

/**
 * The state an interrupted export left in `dir`, or null in a directory without one.
 * @throws DeskError `export_refused` when it is of another export
 */
export function readState(dir: string, about: string): ExportState | null {
  const file = join(dir, STATE);
  if (!existsSync(file)) return null;
  const read = stateSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!read.success || read.data.about !== about) {
    throw new DeskError('export_refused', {
      problem: `${dir} holds the beginning of another export; give the same options again, or another directory`,
    });
  }
  return read.data;
}

export interface OpenFiles {
  /** Adds to a file. */
  write(file: string, text: string): void;
  /** Makes what was written count: an export that is interrupted goes on from here. */
  keep(state: Omit<ExportState, 'bytes'>): void;
  close(): void;
}

/** Opens the files of an export, each cut to what the state knows to be good. */
export function openFiles(dir: string, names: readonly string[], state: ExportState | null): OpenFiles {
  const open = new Map(
    names.map((name) => {
      const path = join(dir, name);
      const bytes = state?.bytes[name] ?? 0;
      if (bytes > 0 && (!existsSync(path) || statSync(path).size < bytes)) {
        throw new DeskError('export_refused', {
          problem: `${path} lost a part; begin anew in another directory`,
        });
      }
      const fd = openSync(path, bytes > 0 ? 'r+' : 'w', 0o600);
      ftruncateSync(fd, bytes);
      return [name, { fd, bytes }] satisfies [string, unknown];
    }),
  );
  return {
    write(name, text) {
      const file = open.get(name);
      if (file === undefined) throw new Error(`${name} is not open`);
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length;) {
        done += writeSync(file.fd, bytes, done, bytes.length - done, file.bytes + done);
      }
      file.bytes += bytes.length;
    },
    keep(progress) {
      const bytes = Object.fromEntries([...open].map(([name, file]) => [name, file.bytes]));
      const path = join(dir, STATE);
      writeFileSync(`${path}.new`, JSON.stringify({ ...progress, bytes }), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    close() {
      for (const { fd } of open.values()) closeSync(fd);
    },
  };
}

/** The export is whole: nothing is left to go on from. */
export function dropState(dir: string): void {
  rmSync(join(dir, STATE), { force: true });
}

/** Length, lines and digest of a file, read as a stream. */
export async function measureFile(path: string): Promise<{ bytes: number; lines: number; sha256: string }> {
  const hash = createHash('sha256');
  let [bytes, lines] = [0, 0];
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  return { bytes, lines, sha256: hash.digest('hex') };
}
