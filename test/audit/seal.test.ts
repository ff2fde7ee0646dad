import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { append } from '../../src/audit/append.ts';
import { listCheckpoints } from '../../src/audit/log/checkpoints.ts';
import { originOf } from '../../src/audit/log/keys.ts';
import { EMPTY_EDGE, growTree, hashLeaf } from '../../src/audit/log/merkle.ts';
import { isSignedBy, readCheckpoint } from '../../src/audit/log/note.ts';
import { verifyConsistency, verifyInclusion } from '../../src/audit/log/proofs.ts';
import { listOpenLogs, sealAll, sealLog } from '../../src/audit/log/seal.ts';
import { proveConsistency, proveInclusion } from '../../src/audit/log/stored-tree.ts';
import { createAuditKit, type AuditKit } from './kit.ts';

const readLeaves = async (kit: AuditKit, workspace = 'T1') =>
  (await kit.owner`select index::int, event_id::int, leaf from agentdesk.audit_leaves
    where workspace_id = ${workspace} order by index`) as unknown as {
    index: number;
    event_id: number;
    leaf: string;
  }[];

describe('sealing', () => {
  let kit: AuditKit;
  beforeAll(async () => {
    kit = await createAuditKit();
  });
  afterAll(() => kit.drop());

  it('gives every event a leaf, in order, and signs the tree', async () => {
    await kit.fill(600);
    expect(await listOpenLogs(kit.desk)).toEqual(['T1']);
    expect(await sealAll(kit.desk, kit.signer, 'T1')).toBe(600);
    expect(await listOpenLogs(kit.desk)).toEqual([]);
    const leaves = await readLeaves(kit);
    expect(leaves.map((leaf) => leaf.index)).toEqual(Array.from({ length: 600 }, (_, at) => at));
    const tree = growTree(EMPTY_EDGE);
    for (const { leaf } of leaves) tree.add(hashLeaf(leaf));
    const [stored] = await listCheckpoints(kit.desk, 'T1');
    const checkpoint = readCheckpoint(stored!.note)!;
    expect(checkpoint.size).toBe(600);
    expect(checkpoint.root).toEqual(tree.root());
    const logId = JSON.parse(leaves[0]!.leaf).log;
    expect(checkpoint.origin).toBe(originOf(logId));
    expect(
      isSignedBy(checkpoint.text, checkpoint.signatures, { name: checkpoint.origin, raw: kit.signer.raw }),
    ).toBe(true);
  });

  it('puts nothing into a leaf that tells who or what', async () => {
    for (const { leaf } of await readLeaves(kit)) {
      const clear = leaf.replaceAll(/"[\w-]{43}"/g, '').replace(/"at":"[^"]*"/, '');
      expect(clear).not.toMatch(/U1|U2|T1|priya|gmail|example|K7QF2M9C|D1\/|plan/);
      expect(Object.keys(JSON.parse(leaf))).toEqual([
        'at',
        'fields',
        'index',
        'log',
        'member',
        'outcome',
        'type',
        'v',
      ]);
    }
    const members = new Set((await readLeaves(kit)).map(({ leaf }) => JSON.parse(leaf).member));
    expect(members.size).toBe(2);
  });

  it('hides a text that stands where a word of the vocabulary belongs', async () => {
    await kit.fill(1, { outcome: 'the lease of Ben has ended' });
    await sealAll(kit.desk, kit.signer, 'T1');
    const leaf = JSON.parse((await readLeaves(kit)).at(-1)!.leaf);
    expect(leaf.outcome).toBe('-');
    expect(leaf.fields.outcome).toMatch(/^[\w-]{43}$/);
  });

  it('does not skip an event whose transaction commits late', async () => {
    const before = (await readLeaves(kit)).length;
    let commit: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (commit = resolve));
    let inserted: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (inserted = resolve));
    const late = kit.desk.transaction(async (tx) => {
      await append(tx, { workspaceId: 'T1', type: 'desk.stopped', actor: 'desk', outcome: 'stopped' });
      inserted();
      await held;
    });
    await begun;
    await kit.fill(3);
    expect(await sealAll(kit.desk, kit.signer, 'T1')).toBe(3);
    commit();
    await late;
    expect(await sealAll(kit.desk, kit.signer, 'T1')).toBe(1);
    const leaves = (await readLeaves(kit)).slice(before);
    expect(leaves).toHaveLength(4);
    expect(leaves[3]!.event_id).toBeLessThan(leaves[0]!.event_id);
  });

  it('is done by one at a time, and nothing twice', async () => {
    const before = (await readLeaves(kit)).length;
    await kit.fill(500);
    const seals = await Promise.all(
      Array.from({ length: 4 }, () => sealLog(kit.desk, kit.signer, 'T1', { checkpoint: 'always' })),
    );
    expect(seals.reduce((sum, one) => sum + one.sealed, 0)).toBe(500);
    const leaves = await readLeaves(kit);
    expect(leaves).toHaveLength(before + 500);
    expect(new Set(leaves.map((leaf) => leaf.event_id)).size).toBe(leaves.length);
  });

  it('leaves nothing half done when it breaks off', async () => {
    const before = (await readLeaves(kit)).length;
    await kit.fill(5);
    const broken = { ...kit.signer, privateKey: null as never };
    await expect(sealLog(kit.desk, broken, 'T1', { checkpoint: 'always' })).rejects.toThrow();
    expect(await readLeaves(kit)).toHaveLength(before);
    expect(await sealAll(kit.desk, kit.signer, 'T1')).toBe(5);
    expect(await readLeaves(kit)).toHaveLength(before + 5);
  });

  it('has each checkpoint begin with the last, and proves it and every leaf from what is stored', async () => {
    const checkpoints = (await listCheckpoints(kit.desk, 'T1')).map((row) => readCheckpoint(row.note)!);
    expect(checkpoints.length).toBeGreaterThan(3);
    for (const [at, second] of checkpoints.entries()) {
      const first = checkpoints[at - 1];
      if (first === undefined) continue;
      const proof = await proveConsistency(kit.desk.db, 'T1', first.size, second.size);
      expect(verifyConsistency(first, second, proof ?? [])).toBe(true);
    }
    const { size, root } = checkpoints.at(-1)!;
    const leaves = await readLeaves(kit);
    for (const index of [0, 255, 256, 511, 700, size - 1]) {
      const proof = await proveInclusion(kit.desk.db, 'T1', index, size);
      expect(verifyInclusion(hashLeaf(leaves[index]!.leaf), index, size, proof, root)).toBe(true);
    }
  });

  it('keeps logs apart', async () => {
    await kit.fill(2, { workspaceId: 'T2' });
    await sealAll(kit.desk, kit.signer, 'T2');
    const [one, two] = [(await readLeaves(kit))[0]!, (await readLeaves(kit, 'T2'))[0]!].map(({ leaf }) =>
      JSON.parse(leaf),
    );
    expect(two.index).toBe(0);
    expect(two.log).not.toBe(one.log);
    expect(two.member).not.toBe(one.member);
  });

  it('signs nothing more when the stored leaves do not fit what was signed', async () => {
    const last = (await listCheckpoints(kit.desk, 'T1')).at(-1)!;
    await kit.tamper(`update agentdesk.audit_leaves set leaf = replace(leaf, '"ok"', '"no"')
      where workspace_id = 'T1' and index = ${last.size - 1}`);
    await kit.fill(1);
    await sealAll(kit.desk, kit.signer, 'T1');
    expect((await listCheckpoints(kit.desk, 'T1')).at(-1)!.size).toBe(last.size);
    expect(await kit.owner`select kind from agentdesk.audit_findings`).toEqual([{ kind: 'inconsistent' }]);
    expect(await kit.owner`select outcome from agentdesk.audit_events where type = 'audit.finding'`).toEqual([
      { outcome: 'inconsistent' },
    ]);
  });

  it('notices that a row is gone before it was sealed', async () => {
    await kit.fill(1, { workspaceId: 'T3' });
    await kit.tamper(`delete from agentdesk.audit_events where workspace_id = 'T3'`);
    await sealAll(kit.desk, kit.signer, 'T3');
    expect(await kit.owner`select kind from agentdesk.audit_findings where workspace_id = 'T3'`).toEqual([
      { kind: 'gone_before_sealing' },
    ]);
  });
});

describe('the stored log', () => {
  let kit: AuditKit;
  beforeAll(async () => {
    kit = await createAuditKit();
    await kit.fill(300);
    await sealAll(kit.desk, kit.signer, 'T1');
  });
  afterAll(() => kit.drop());

  const TABLES = ['audit_leaves', 'audit_nodes', 'audit_checkpoints', 'audit_salts', 'audit_pseudonyms'];
  it.each(TABLES)('refuses changes of %s: the application by rights, the owner by trigger', async (table) => {
    const change = table === 'audit_salts' ? 'event_id = 0' : `workspace_id = 'X'`;
    for (const statement of [
      `update agentdesk.${table} set ${change}`,
      `delete from agentdesk.${table}`,
      `truncate agentdesk.${table}`,
    ]) {
      await expect(kit.desk.sql.unsafe(statement)).rejects.toThrow(/permission denied/);
      await expect(kit.owner.unsafe(statement)).rejects.toThrow(/append-only/);
    }
  });

  it('cannot be queued into by the application', async () => {
    await expect(kit.desk.sql`insert into agentdesk.audit_unsealed values (1, 'T1')`).rejects.toThrow(
      /permission denied/,
    );
  });
});
