import type { AuditRecord } from '../event.ts';
import type { ExportFilter } from '../export/manifest.ts';

/** Whether events that an export lacks may be lacking: the filter leaves them out, they were pruned, or their member was erased. */
export interface Absences {
  /** @returns what is wrong with the event's being there */
  present(record: AuditRecord, leaf: string): string | null;
  /** @returns what is wrong with the event's not being there, as far as that can be told at once */
  absent(index: number, leaf: string): string | null;
  /** The first event that is missing without reason, once all leaves were seen. */
  finish(): string | null;
  /** How many events are missing because their member was erased. */
  erased(): number;
  /** How many because they were pruned. */
  pruned(): number;
}

interface LeafHead {
  readonly at: string;
  readonly member?: string;
  readonly type: string;
}

/** @param prunedBefore what {@link findPruned} says */
export function openAbsences({ from, to, member }: ExportFilter, prunedBefore: number): Absences {
  const isWhole = from === null && to === null && member === null;
  /** By pseudonym: the first event that is missing, and how many. */
  const missing = new Map<string, { first: number; count: number }>();
  /** Pseudonyms whose erasure is in the log. */
  const erased = new Set<string>();
  let pruned = 0;
  const passes = (head: LeafHead): boolean =>
    (from === null || head.at >= from) &&
    (to === null || head.at < to) &&
    (member === null || head.member === member);
  const note = (head: LeafHead): void => {
    if (head.type === 'member.erased' && head.member !== undefined) erased.add(head.member);
  };
  return {
    present(record, leaf) {
      if (record.type === 'member.erased') note(readHead(leaf));
      return isWhole || passes(readHead(leaf))
        ? null
        : `event ${record.index} does not belong into this export`;
    },
    absent(index, leaf) {
      const head = readHead(leaf);
      note(head);
      if (!passes(head)) return null;
      if (index < prunedBefore) {
        pruned += 1;
        return null;
      }
      // The record of an erasure is no part of what it erased.
      if (head.member === undefined || head.type === 'member.erased') return describeMissing(index);
      const known = missing.get(head.member);
      missing.set(head.member, { first: known?.first ?? index, count: (known?.count ?? 0) + 1 });
      return null;
    },
    finish() {
      const unexplained = [...missing]
        .filter(([pseudonym]) => !erased.has(pseudonym))
        .map(([, { first }]) => first);
      return unexplained.length === 0 ? null : describeMissing(Math.min(...unexplained));
    },
    pruned: () => pruned,
    erased: () =>
      [...missing].reduce((sum, [pseudonym, { count }]) => sum + (erased.has(pseudonym) ? count : 0), 0),
  };
}

function describeMissing(index: number): string {
  return `event ${index} is missing in events.jsonl; the log has it`;
}

/** A leaf that cannot be read has nothing that would excuse an absence. */
function readHead(leaf: string): LeafHead {
  const [, at, rest] = /^\{"at":"([^"]*)","fields":\{[^{}]*\},("index":.*)\}$/.exec(leaf) ?? [];
  const [, member] = /"member":"([0-9a-f-]{36})"/.exec(rest ?? '') ?? [];
  const [, type] = /"type":"([^"]*)","v":1$/.exec(rest ?? '') ?? [];
  return { at: at ?? '', type: type ?? '', ...(member === undefined ? {} : { member }) };
}
