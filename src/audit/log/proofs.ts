import { EMPTY_ROOT, hashNode, type Hash } from './merkle.ts';

/** Leaves from..to-1 whose root is one step of a proof. */
export type Range = readonly [from: number, to: number];

/** The largest power of two below n (n > 1). */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** What an inclusion proof of leaf `index` in a tree of `size` consists of, from the leaf upwards (RFC 9162 §2.1.3.1). */
export function listInclusion(index: number, size: number, from = 0): Range[] {
  if (size - from === 1) return [];
  const middle = from + split(size - from);
  return index < middle
    ? [...listInclusion(index, middle, from), [middle, size]]
    : [...listInclusion(index, size, middle), [from, middle]];
}

/** What a consistency proof between the trees of `first` and `second` leaves consists of (RFC 9162 §2.1.4.1). */
export function listConsistency(first: number, second: number): Range[] {
  return first === 0 ? [] : listSubproof(first, 0, second, true);
}

function listSubproof(first: number, from: number, to: number, known: boolean): Range[] {
  if (first === to) return known ? [] : [[from, to]];
  const middle = from + split(to - from);
  return first <= middle
    ? [...listSubproof(first, from, middle, known), [middle, to]]
    : [...listSubproof(first, middle, to, false), [from, middle]];
}

/**
 * The root over the leaves of a range, put together from complete subtrees.
 * @param node the root of the complete subtree number `index` of 2^level leaves
 */
export async function hashRange(
  [from, to]: Range,
  node: (level: number, index: number) => Promise<Hash>,
): Promise<Hash> {
  const level = Math.log2(to - from);
  if (Number.isInteger(level)) return node(level, from / (to - from));
  const middle = from + split(to - from);
  return hashNode(await hashRange([from, middle], node), await hashRange([middle, to], node));
}

/** Whether the proof shows that the leaf is at `index` of the tree with that root (RFC 9162 §2.1.3.2). */
export function verifyInclusion(
  leafHash: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
  root: Hash,
): boolean {
  if (index < 0 || index >= size) return false;
  let [at, last, hash] = [index, size - 1, leafHash];
  for (const step of proof) {
    if (step.length !== 32 || last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = hashNode(step, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else {
      hash = hashNode(hash, step);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** Whether the proof shows that the second tree begins with the first (RFC 9162 §2.1.4.2). */
export function verifyConsistency(
  first: { readonly size: number; readonly root: Hash },
  second: { readonly size: number; readonly root: Hash },
  proof: readonly Hash[],
): boolean {
  if (first.size > second.size || first.size < 0) return false;
  if (first.size === 0) return proof.length === 0 && first.root.equals(EMPTY_ROOT);
  if (first.size === second.size) return proof.length === 0 && first.root.equals(second.root);
  const steps = Number.isInteger(Math.log2(first.size)) ? [first.root, ...proof] : [...proof];
  const start = steps.shift();
  if (start === undefined || [start, ...steps].some((step) => step.length !== 32)) return false;
  let [at, last] = [first.size - 1, second.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [one, two] = [start, start];
  for (const step of steps) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      one = hashNode(step, one);
      two = hashNode(step, two);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else {
      two = hashNode(two, step);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && one.equals(first.root) && two.equals(second.root);
}

/** A shift by one; `>>` would cut at 32 bits. */
function half(n: number): number {
  return Math.floor(n / 2);
}
