import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_EDGE,
  EMPTY_ROOT,
  growTree,
  hashLeaf,
  packEdge,
  rootOf,
  unpackEdge,
  type Hash,
} from '../../src/audit/log/merkle.ts';
import {
  hashRange,
  listConsistency,
  listInclusion,
  verifyConsistency,
  verifyInclusion,
} from '../../src/audit/log/proofs.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** Leaves, roots and proofs of the Certificate Transparency reference tests (merkletree_test.cc). */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(hex);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
].map(hex);
const INCLUSION: [index: number, size: number, proof: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const CONSISTENCY: [first: number, second: number, proof: string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

const rootAt = (size: number): Hash => {
  const tree = growTree(EMPTY_EDGE);
  for (const leaf of LEAVES.slice(0, size)) tree.add(hashLeaf(leaf));
  return tree.root();
};

describe('the Merkle tree, by the vectors of Certificate Transparency', () => {
  it('is the hash of nothing when empty', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(rootOf([])).toEqual(EMPTY_ROOT);
  });

  it.each(ROOTS.map((root, at) => [at + 1, root] as const))(
    'has the known root of %i leaves',
    (size, root) => {
      expect(rootAt(size)).toEqual(root);
    },
  );

  it.each(INCLUSION)('proves leaf %i in %i by the known hashes', async (index, size, proof) => {
    const { prove } = buildTree(LEAVES.map((leaf) => hashLeaf(leaf)));
    expect((await prove(listInclusion(index, size))).map((step) => step.toString('hex'))).toEqual(proof);
    const leaf = hashLeaf(LEAVES[index]!);
    expect(verifyInclusion(leaf, index, size, proof.map(hex), ROOTS[size - 1]!)).toBe(true);
  });

  it.each(CONSISTENCY)('proves %i before %i by the known hashes', async (first, second, proof) => {
    const { prove } = buildTree(LEAVES.map((leaf) => hashLeaf(leaf)));
    expect((await prove(listConsistency(first, second))).map((step) => step.toString('hex'))).toEqual(proof);
    expect(
      verifyConsistency(
        { size: first, root: ROOTS[first - 1]! },
        { size: second, root: ROOTS[second - 1]! },
        proof.map(hex),
      ),
    ).toBe(true);
  });
});

describe('proofs', () => {
  const leaves = Array.from({ length: 70 }, (_, at) => hashLeaf(`leaf ${at}`));
  const { prove, roots } = buildTree(leaves);
  const sizes = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }));

  it('hold for every leaf and fail for any other place, size, root or step', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(100), async ([a, b], pick) => {
        const [index, size] = [Math.min(a, b) - 1, Math.max(a, b)];
        const proof = await prove(listInclusion(index, size));
        const leaf = leaves[index]!;
        const root = roots[size]!;
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true);
        expect(verifyInclusion(leaf, index, size, proof, EMPTY_ROOT)).toBe(false);
        expect(verifyInclusion(EMPTY_ROOT, index, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, index - 1, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, index, size * 2 + 1, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, [...proof, root], root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, [root, ...proof], root)).toBe(false);
        if (proof.length === 0) return;
        expect(verifyInclusion(leaf, index, size, proof.slice(1), root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof.with(pick % proof.length, EMPTY_ROOT), root)).toBe(
          false,
        );
      }),
    );
  });

  it('of consistency hold for every pair and fail for any other', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(100), async ([a, b], pick) => {
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        const proof = await prove(listConsistency(first, second));
        const one = { size: first, root: roots[first]! };
        const two = { size: second, root: roots[second]! };
        expect(verifyConsistency(one, two, proof)).toBe(true);
        expect(verifyConsistency(one, two, [...proof, EMPTY_ROOT])).toBe(false);
        expect(verifyConsistency({ ...one, root: EMPTY_ROOT }, two, proof)).toBe(false);
        expect(verifyConsistency(one, { ...two, root: EMPTY_ROOT }, proof)).toBe(false);
        if (first === second) return;
        expect(verifyConsistency(two, one, proof)).toBe(false);
        expect(verifyConsistency(one, two, proof.slice(1))).toBe(false);
        expect(verifyConsistency(one, two, proof.with(pick % proof.length, EMPTY_ROOT))).toBe(false);
      }),
    );
  });

  it('nothing is before everything', () => {
    expect(verifyConsistency({ size: 0, root: EMPTY_ROOT }, { size: 3, root: roots[3]! }, [])).toBe(true);
    expect(verifyConsistency({ size: 0, root: roots[3]! }, { size: 3, root: roots[3]! }, [])).toBe(false);
  });
});

describe('an edge', () => {
  it('is all that appending needs: stored and taken up again it grows to the same tree', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (before, after) => {
        const tree = growTree(EMPTY_EDGE);
        for (let at = 0; at < before; at += 1) tree.add(hashLeaf(`${at}`));
        const again = growTree(unpackEdge(before, packEdge(tree.edge()))!);
        for (let at = before; at < before + after; at += 1) {
          tree.add(hashLeaf(`${at}`));
          again.add(hashLeaf(`${at}`));
        }
        expect(again.root()).toEqual(tree.root());
        expect(again.edge()).toEqual(tree.edge());
      }),
    );
  });

  it('of another size is refused', () => {
    expect(unpackEdge(3, Buffer.alloc(32))).toBeNull();
  });
});

/** A tree kept whole, to prove from. */
function buildTree(leaves: readonly Hash[]) {
  const nodes = new Map<string, Hash>(leaves.map((leaf, at) => [`0/${at}`, leaf]));
  const roots: Hash[] = [EMPTY_ROOT];
  const tree = growTree(EMPTY_EDGE, (level, index, node) => nodes.set(`${level}/${index}`, node));
  for (const leaf of leaves) {
    tree.add(leaf);
    roots.push(tree.root());
  }
  const prove = (ranges: ReturnType<typeof listInclusion>): Promise<Hash[]> =>
    Promise.all(
      ranges.map((range) => hashRange(range, async (level, index) => nodes.get(`${level}/${index}`)!)),
    );
  return { prove, roots };
}
