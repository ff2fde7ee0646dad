import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../db/client.ts';
import { sql } from '../../db/drizzle.ts';
import { DeskError } from '../../errors.ts';
import { append } from '../append.ts';
import { listCheckpoints, readNewest } from '../log/checkpoints.ts';
import { listLogKeys, originOf, type LogSigner } from '../log/keys.ts';
import { writeKeyLine } from '../log/note.ts';
import { sealAll } from '../log/seal.ts';
import { DERIVED } from './derived.ts';
import { dropState, measureFile, openFiles, readState } from './files.ts';
import { FORMAT, signManifest, type Manifest } from './manifest.ts';
import { readLeaves, writeEvent, type RowFilter } from './pages.ts';

/** Leaves read at a time. */
const PAGE = 5_000;
/** Files that grow page by page. */
const STREAMED = ['leaves.jsonl', 'events.jsonl', 'salts.txt', ...DERIVED.map(({ file }) => file)];

export interface ExportRequest {
  readonly workspaceId: string;
  /** Made when missing. */
  readonly dir: string;
  readonly filter: RowFilter;
  readonly now: () => Date;
  /** Told after each page. */
  readonly onProgress: (done: number, size: number) => void;
}

/**
 * Writes a log as files that prove themselves (docs/audit-format.md): all leaves, the events that pass the filter,
 * salts, checkpoints, keys, manifest. It seals what waits first. Memory does not grow with the log; an export that was
 * interrupted goes on where it was when called again with the same request.
 * @throws DeskError `export_refused`
 */
export async function exportLog(
  database: Database,
  signer: LogSigner,
  request: ExportRequest,
): Promise<Manifest> {
  const { workspaceId, dir, filter } = request;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const about = JSON.stringify([FORMAT, workspaceId, filter]);
  const state = readState(dir, about);
  if (state === null) await sealAll(database, signer, workspaceId);
  const log = await findLog(database, workspaceId, filter.memberId);
  const size = state?.size ?? log.size;
  const files = openFiles(dir, STREAMED, state);
  let events = state?.events ?? 0;
  try {
    if (state === null) {
      for (const { file, header } of DERIVED) if (header !== null) files.write(file, `${header}\n`);
    }
    const read = (from: number) =>
      database.within(workspaceId, (tx) =>
        readLeaves(tx, workspaceId, [from, Math.min(from + PAGE, size)], filter),
      );
    let at = state?.next ?? 0;
    for (let page = read(at); at < size;) {
      const leaves = await page;
      if (leaves.length !== Math.min(PAGE, size - at)) {
        throw new DeskError('export_refused', { problem: `leaves after ${at} are missing in the database` });
      }
      at += leaves.length;
      // The next page is read while this one is written.
      page = at < size ? read(at) : Promise.resolve([]);
      events += writePage(files.write, leaves, log.origin);
      files.keep({ about, size, next: at, events });
      request.onProgress(at, size);
    }
  } finally {
    files.close();
  }
  return finish(database, signer, request, { ...log, size, events });
}

function writePage(
  write: (file: string, text: string) => void,
  leaves: Awaited<ReturnType<typeof readLeaves>>,
  origin: string,
): number {
  const kept = leaves.flatMap(({ record, salt }) =>
    record === null || salt === null ? [] : [{ record, salt }],
  );
  write('leaves.jsonl', joinLines(leaves.map(({ leaf }) => leaf)));
  write('events.jsonl', joinLines(kept.map(({ record }) => writeEvent(record))));
  write('salts.txt', joinLines(kept.map(({ record, salt }) => `${record.index} ${salt}`)));
  for (const form of DERIVED) {
    write(form.file, joinLines(kept.map(({ record }) => form.write(record, origin))));
  }
  return kept.length;
}

function joinLines(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

async function findLog(
  database: Database,
  workspaceId: string,
  memberId: string | null,
): Promise<{ origin: string; size: number; pseudonym: string | null }> {
  const [log] = await database.sql<{ log_id: string }[]>`
    select log_id::text as log_id from agentdesk.audit_logs where workspace_id = ${workspaceId}`;
  const newest = await readNewest(database.db, workspaceId);
  if (log === undefined || newest === null) {
    throw new DeskError('export_refused', { problem: 'this workspace has no sealed events yet' });
  }
  const [member] = await database.within(workspaceId, (tx) =>
    tx.execute<{ pseudonym: string }>(sql`
      select pseudonym::text as pseudonym from agentdesk.audit_pseudonyms
      where workspace_id = ${workspaceId} and member_id = ${memberId}`),
  );
  if (memberId !== null && member === undefined) {
    throw new DeskError('export_refused', { problem: `the log knows no member ${memberId}` });
  }
  return { origin: originOf(log.log_id), size: newest.size, pseudonym: member?.pseudonym ?? null };
}

async function finish(
  database: Database,
  signer: LogSigner,
  { workspaceId, dir, filter, now }: ExportRequest,
  {
    origin,
    size,
    events,
    pseudonym,
  }: { origin: string; size: number; events: number; pseudonym: string | null },
): Promise<Manifest> {
  const checkpoints = (await listCheckpoints(database, workspaceId)).filter((one) => one.size <= size);
  const keys = [...(await listLogKeys(database.db)).values()].map((raw) =>
    writeKeyLine({ name: origin, raw }),
  );
  const save = (file: string, text: string): void => {
    writeFileSync(join(dir, file), text, { mode: 0o600 });
  };
  save(
    'checkpoints.jsonl',
    joinLines(
      checkpoints.map((one) => JSON.stringify({ size: one.size, at: one.at.toISOString(), note: one.note })),
    ),
  );
  save('keys.txt', joinLines(keys));
  const files: Manifest['files'] = {};
  for (const file of [...STREAMED, 'checkpoints.jsonl', 'keys.txt'])
    files[file] = await measureFile(join(dir, file));
  const manifest: Manifest = {
    format: FORMAT,
    origin,
    workspace: workspaceId,
    size,
    events,
    filter: { from: filter.from, to: filter.to, member: pseudonym },
    exported_at: now().toISOString(),
    files,
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  save('manifest.json', text);
  save('manifest.sig', signManifest(text, origin, signer));
  dropState(dir);
  await database.transaction((tx) =>
    append(tx, {
      workspaceId,
      type: 'audit.exported',
      actor: 'operator',
      outcome: 'exported',
      detail: { size, from: filter.from, to: filter.to, member: filter.memberId },
    }),
  );
  return manifest;
}
