import { join } from 'node:path';
import { DERIVED } from '../export/derived.ts';
import type { Manifest } from '../export/manifest.ts';
import { writeLeaf } from '../leaf.ts';
import { EMPTY_EDGE, growTree, hashLeaf, type Hash } from '../log/merkle.ts';
import { openAbsences } from './absences.ts';
import { findPruned } from './pruned.ts';
import { readLines } from './lines.ts';
import { readEvent, type ReadEvent } from './read-event.ts';

/** A root the tree must have at some size, and who says so. */
export interface ExpectedRoot {
  readonly size: number;
  readonly root: Hash;
  /** As in "… does not fit <name>". */
  readonly name: string;
}

export interface Walk {
  readonly leaves: number;
  readonly events: number;
  readonly erased: number;
  readonly pruned: number;
  /** The first thing that is wrong, with its place; null when nothing is. */
  readonly problem: string | null;
}

/**
 * Goes once through leaves, events and salts side by side, in constant memory, and rebuilds leaves and tree from the
 * events.
 * @param expected by size, smallest first
 * @param derived files that follow from the events and are to be compared line by line
 */
export function walkExport(
  dir: string,
  manifest: Pick<Manifest, 'origin' | 'filter'>,
  expected: readonly ExpectedRoot[],
  derived: readonly string[],
): Walk {
  const logId = manifest.origin.split('/').at(-1) ?? '';
  const leaves = readLines(join(dir, 'leaves.jsonl'));
  const events = readLines(join(dir, 'events.jsonl'));
  const salts = readLines(join(dir, 'salts.txt'));
  const forms = DERIVED.filter(({ file }) => derived.includes(file)).map((form) => ({
    ...form,
    lines: readLines(join(dir, form.file)),
  }));
  const tree = growTree(EMPTY_EDGE);
  const absences = openAbsences(manifest.filter, findPruned(join(dir, 'leaves.jsonl')));
  const people = openPeople();
  let [index, found, trusted] = [0, 0, 0];
  let event: ReadEvent | null = null;
  let last = -1;

  const take = (): string | null => {
    const line = events.next();
    event = line === null ? null : readEvent(line);
    if (line !== null && event === null)
      return `events.jsonl line ${events.number()} (after event ${last}) is not an event: it was altered`;
    if (event !== null && event.record.index <= last) {
      const { index: twice } = event.record;
      return `events.jsonl line ${events.number()}: event ${twice} ${twice === last ? 'stands there twice' : `is out of order, after event ${last}`}`;
    }
    last = event?.record.index ?? last;
    return null;
  };
  const compare = ({ record, values }: ReadEvent, leaf: string): string | null => {
    const salt = /^(\d+) ([0-9a-f]{32})$/.exec(salts.next() ?? '');
    if (Number(salt?.[1]) < index) {
      return `event ${Number(salt?.[1])} is missing or out of order: events.jsonl line ${events.number()} holds event ${index} in its place`;
    }
    if (salt?.[1] !== `${index}`)
      return `salts.txt line ${salts.number()}: the salt of event ${index} is missing or altered`;
    if (writeLeaf(record, values, logId, salt[2] ?? '') !== leaf) {
      return `event ${index} (events.jsonl line ${events.number()}, ${record.type} at ${record.at}) does not fit its leaf: event, salt or leaf was altered`;
    }
    for (const { file, lines, write } of forms) {
      if (lines.next() !== write(record, manifest.origin))
        return `${file} line ${lines.number()}: event ${index} was altered, moved or removed`;
    }
    return people.meet(record.member, record.pseudonym, index);
  };
  const step = (leaf: string): string | null => {
    if (event?.record.index === index) {
      const problem = compare(event, leaf) ?? absences.present(event.record, leaf);
      if (problem !== null) return problem;
      found += 1;
      const next = take();
      if (next !== null) return next;
    } else {
      const problem = absences.absent(index, leaf);
      if (problem !== null) return problem;
    }
    tree.add(hashLeaf(leaf));
    index += 1;
    for (const { size, root, name } of expected) {
      if (size !== index) continue;
      if (!tree.root().equals(root)) {
        return `${name} does not fit: something in events ${trusted} to ${index - 1} was altered, removed or added, with its leaf`;
      }
      trusted = index;
    }
    return null;
  };
  const run = (): string | null => {
    for (const { header, file, lines } of forms) {
      if (header !== null && lines.next() !== header) return `${file} line 1: the heading was altered`;
    }
    const first = take();
    if (first !== null) return first;
    for (let leaf = leaves.next(); leaf !== null; leaf = leaves.next()) {
      const problem = step(leaf);
      if (problem !== null) return problem;
    }
    if (event !== null)
      return `events.jsonl line ${events.number()}: event ${last} has no leaf; the log ends before event ${index}`;
    return null;
  };

  const findExtra = (): string | null => {
    const extra = [...forms, { file: 'salts.txt', lines: salts }].find(({ lines }) => lines.next() !== null);
    return extra === undefined
      ? null
      : `${extra.file} line ${extra.lines.number()} belongs to no event: it was added`;
  };

  // What is lacking can be excused by a later leaf, so it is judged only when all were seen.
  const problem = run() ?? absences.finish() ?? findExtra();
  for (const lines of [leaves, events, salts, ...forms.map((form) => form.lines)]) lines.close();
  return { leaves: index, events: found, erased: absences.erased(), pruned: absences.pruned(), problem };
}

/** A member has one pseudonym, and a pseudonym one member. */
function openPeople(): {
  meet(member: string | undefined, pseudonym: string | undefined, index: number): string | null;
} {
  const [known, back] = [new Map<string, string>(), new Map<string, string>()];
  return {
    meet(member, pseudonym, index) {
      if (member === undefined || pseudonym === undefined) return null;
      if (known.get(member) === pseudonym) return null;
      if (known.has(member) || back.has(pseudonym))
        return `event ${index}: the pseudonym of ${member} is not the one it has elsewhere`;
      known.set(member, pseudonym);
      back.set(pseudonym, member);
      return null;
    },
  };
}
