import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DERIVED } from '../export/derived.ts';
import { measureFile } from '../export/files.ts';
import type { Manifest } from '../export/manifest.ts';
import { findCheckpoint, fingerprint, isSignedBy, type Checkpoint } from '../log/note.ts';
import { readExport, type ReadExport } from './read-export.ts';
import { walkExport, type ExpectedRoot, type Walk } from './walk.ts';

export interface VerifyRequest {
  readonly dir: string;
  /** Fingerprint of the key that the auditor got by another way. */
  readonly key: string | null;
  /** A checkpoint that somebody else held, as they pasted it. */
  readonly checkpoint: string | null;
}

/**
 * `authentic`: as the desk signed it, by what the auditor brought along. `self-consistent`: it fits together, by its own
 * key only, so whoever made it could have made it up. `broken`: something was altered; `problems` says what and where.
 */
export type Verdict = 'authentic' | 'self-consistent' | 'broken';

export interface Verification {
  readonly verdict: Verdict;
  /** Sentences; the first names the first bad place. */
  readonly problems: readonly string[];
  /** What was looked at, for people. */
  readonly facts: readonly string[];
}

/** Checks an export by its files alone: no database, no configuration, no network. */
export async function verifyExport(request: VerifyRequest): Promise<Verification> {
  const read = readExport(request.dir);
  if (typeof read === 'string') return broken([read], []);
  const given = request.checkpoint === null ? null : findCheckpoint(request.checkpoint);
  const problems = [
    ...findKeyProblems(read, request.key),
    ...findGivenProblems(read, request.checkpoint, given),
  ];

  const differing = await findDiffering(request.dir, read.manifest);
  const expected = [...read.checkpoints.map(describe), ...(given === null ? [] : [describeGiven(given)])];
  const walk = walkExport(
    request.dir,
    read.manifest,
    expected.filter(({ size }) => size > 0).sort((a, b) => a.size - b.size),
    differing.filter((file) => DERIVED.some((form) => form.file === file)),
  );
  if (walk.problem !== null) problems.unshift(walk.problem);
  else problems.push(...findCountProblems(read.manifest, walk), ...differing.map(describeDiffering));
  const facts = listFacts(read, walk);
  return problems.length > 0 ? broken(problems, facts) : judge(read, request, given, facts);
}

function broken(problems: readonly string[], facts: readonly string[]): Verification {
  return { verdict: 'broken', problems, facts };
}

function describe({ size, root }: Checkpoint): ExpectedRoot {
  return { size, root, name: `the checkpoint of ${size} events` };
}

function describeGiven({ size, root }: Checkpoint): ExpectedRoot {
  return { size, root, name: `the checkpoint you gave (${size} events)` };
}

function findKeyProblems({ signer }: ReadExport, key: string | null): string[] {
  if (key === null || normalizeKey(key) === fingerprint(signer.raw)) return [];
  return [`the export is signed by the key ${fingerprint(signer.raw)}, not by the one you gave: wrong key`];
}

/** People write fingerprints with and without the prefix, in capitals, with colons or spaces. */
function normalizeKey(key: string): string {
  return `sha256:${key
    .toLowerCase()
    .replace(/^sha256:/, '')
    .replace(/[\s:]/g, '')}`;
}

function findGivenProblems(
  { manifest, keys }: ReadExport,
  pasted: string | null,
  given: Checkpoint | null,
): string[] {
  if (pasted === null) return [];
  if (given === null) return ['the file you gave has no checkpoint in it'];
  if (given.origin !== manifest.origin) {
    return [`the checkpoint you gave is of ${given.origin}, the export of ${manifest.origin}: another log`];
  }
  if (!keys.some((key) => isSignedBy(given.text, given.signatures, key))) {
    return ["the checkpoint you gave is not signed by the export's key: one of the two is not genuine"];
  }
  if (given.size > manifest.size) {
    return [
      `the log was cut off: the checkpoint you gave covers ${given.size} events, the export ends before event ${manifest.size}`,
    ];
  }
  return [];
}

/** Files whose bytes are not those of the manifest. */
async function findDiffering(dir: string, { files }: Manifest): Promise<string[]> {
  const differing: string[] = [];
  for (const [file, { sha256 }] of Object.entries(files)) {
    const path = join(dir, file);
    if (!/^[a-z.]+$/.test(file) || !existsSync(path) || (await measureFile(path)).sha256 !== sha256)
      differing.push(file);
  }
  return differing;
}

function describeDiffering(file: string): string {
  return `${file} is not the file of manifest.json: it was altered, or is missing`;
}

function findCountProblems({ size, events }: Manifest, walk: Walk): string[] {
  if (walk.leaves < size)
    return [`the log was cut off: leaves.jsonl ends before event ${walk.leaves}, it must have ${size}`];
  if (walk.leaves > size)
    return [
      `leaves.jsonl has ${walk.leaves} leaves, the newest checkpoint covers ${size}: leaves were added`,
    ];
  return walk.events === events ? [] : [`there are ${walk.events} events, manifest.json says ${events}`];
}

function listFacts({ manifest, signer, checkpoints }: ReadExport, walk: Walk): string[] {
  const { from, to, member } = manifest.filter;
  const filter = [from && `from ${from}`, to && `before ${to}`, member && `of the member ${member}`].filter(
    Boolean,
  );
  return [
    `log ${manifest.origin} of workspace ${manifest.workspace}, exported at ${manifest.exported_at}`,
    `${walk.leaves} leaves, ${walk.events} events${filter.length > 0 ? ` (only those ${filter.join(', ')})` : ''}` +
      `${walk.erased > 0 ? `, ${walk.erased} erased with their members` : ''}` +
      `${walk.pruned > 0 ? `, ${walk.pruned} pruned when they were old enough` : ''}, ${checkpoints.length} checkpoints`,
    `key ${fingerprint(signer.raw)}`,
  ];
}

function judge(
  { manifest }: ReadExport,
  { key }: VerifyRequest,
  given: Checkpoint | null,
  facts: readonly string[],
): Verification {
  const witness = given === null ? [] : [`the checkpoint you gave (${given.size} events) is part of it`];
  if (key !== null || given?.size === manifest.size) {
    return { verdict: 'authentic', problems: [], facts: [...facts, ...witness] };
  }
  const advice =
    given === null
      ? 'only its own key vouches for it: whoever made the export could have made it up. Give --key, or --checkpoint from someone who held it'
      : `vouched for up to event ${given.size - 1}; what came later only by its own key. Give --key, or a newer --checkpoint`;
  return { verdict: 'self-consistent', problems: [], facts: [...facts, ...witness, advice] };
}
