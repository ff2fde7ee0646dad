import { createHash, hash } from 'node:crypto';

/** sha256, 32 bytes. */
export type Hash = Buffer;

/** What a node is hashed from: written anew each time, and read at once. */
const NODE = Buffer.alloc(65, 1);

/** The root of a tree without leaves (RFC 9162 §2.1.1). */
export const EMPTY_ROOT: Hash = createHash('sha256').digest();

/**
 * A tree as far as appending needs it: the roots of its complete subtrees, largest first, one for each bit set in
 * `size`.
 */
export interface Edge {
  readonly size: number;
  readonly hashes: readonly Hash[];
}

export const EMPTY_EDGE: Edge = { size: 0, hashes: [] };

/** RFC 9162 §2.1.1: sha256(0x00 ‖ leaf). A text is taken as UTF-8. */
export function hashLeaf(leaf: string | Uint8Array): Hash {
  return digest(typeof leaf === 'string' ? `\u0000${leaf}` : Buffer.concat([Buffer.of(0), leaf]));
}

/** RFC 9162 §2.1.1: sha256(0x01 ‖ left ‖ right). */
export function hashNode(left: Hash, right: Hash): Hash {
  NODE.set(left, 1);
  NODE.set(right, 33);
  return digest(NODE);
}

/** By way of a text: a digest as a buffer costs three times as much. */
function digest(input: string | Uint8Array): Hash {
  return Buffer.from(hash('sha256', input, 'binary'), 'latin1');
}

/**
 * Grows a tree leaf by leaf.
 * @param onNode told of each subtree of 2^level leaves the moment it is complete, from level 1 on
 */
export function growTree(
  from: Edge,
  onNode: (level: number, index: number, hash: Hash) => void = () => undefined,
): { add(leafHash: Hash): void; edge(): Edge; root(): Hash } {
  const hashes = [...from.hashes];
  let { size } = from;
  return {
    add(leafHash) {
      hashes.push(leafHash);
      size += 1;
      for (let level = 1, width = 2; size % width === 0; level += 1, width *= 2) {
        const [right, left] = [hashes.pop(), hashes.pop()];
        if (right === undefined || left === undefined) throw new Error('the edge does not fit the size');
        const node = hashNode(left, right);
        hashes.push(node);
        onNode(level, size / width - 1, node);
      }
    },
    edge: () => ({ size, hashes: [...hashes] }),
    root: () => rootOf(hashes),
  };
}

/** The root over complete subtrees, largest first. */
export function rootOf(hashes: readonly Hash[]): Hash {
  return (
    hashes.reduceRight<Hash | null>((acc, left) => (acc === null ? left : hashNode(left, acc)), null) ??
    EMPTY_ROOT
  );
}

/** An edge as one column: its hashes behind each other. */
export function packEdge(edge: Edge): Buffer {
  return Buffer.concat(edge.hashes);
}

/** @returns null when there are not as many hashes as a tree of that size has complete subtrees */
export function unpackEdge(size: number, packed: Buffer): Edge | null {
  const ones = [...size.toString(2)].filter((bit) => bit === '1').length;
  if (packed.length !== 32 * ones) return null;
  return { size, hashes: Array.from({ length: ones }, (_, at) => packed.subarray(at * 32, at * 32 + 32)) };
}
