import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLog, checkSlice } from '../../src/audit/check/check.ts';
import { listFindings } from '../../src/audit/check/findings.ts';
import { findTampering } from '../../src/audit/check/tampering.ts';
import { compareTree, type Reader } from '../../src/audit/check/tree.ts';
import { eraseMember } from '../../src/audit/erase.ts';
import { sealAll } from '../../src/audit/log/seal.ts';
import { createDatabase } from '../../src/db/client.ts';
import { createAuditKit, type AuditKit } from './kit.ts';

const kinds = async (kit: AuditKit): Promise<string[]> =>
  (await findTampering(kit.desk, 'T1')).map(({ key }) => key.replace(/\/(\d+)$/, ' $1'));

describe('what a superuser does to the live log', () => {
  let kit: AuditKit;
  let eventId: (index: number) => Promise<number>;
  beforeAll(async () => {
    kit = await createAuditKit();
    await kit.fill(600);
    await sealAll(kit.desk, kit.signer, 'T1');
    await kit.fill(20);
    await sealAll(kit.desk, kit.signer, 'T1');
    eventId = async (index) =>
      Number(
        (
          await kit.owner`select event_id from agentdesk.audit_leaves where workspace_id = 'T1' and index = ${index}`
        )[0]!.event_id,
      );
  });
  afterAll(() => kit.drop());

  it('is nothing, at first', async () => {
    expect(await findTampering(kit.desk, 'T1')).toEqual([]);
    expect(await findTampering(kit.desk, 'nobody')).toEqual([]);
  });

  it('is not what a database that stops answering in the middle looks like', async () => {
    let reads = 0;
    // The last reads of the comparison are those of the proof; from each one on, the connection is gone.
    const failAfter = (most: number): Reader =>
      new Proxy(kit.desk.db, {
        get: (db, name) =>
          name === 'execute' && (reads += 1) > most
            ? () => Promise.reject(Object.assign(new Error('connection lost'), { code: 'CONNECTION_CLOSED' }))
            : (Reflect.get(db, name) as unknown),
      });
    const [row] =
      await kit.owner`select log_id::text as id from agentdesk.audit_logs where workspace_id = 'T1'`;
    const log = { workspaceId: 'T1', logId: String(row?.['id']), size: 620 };
    // A checkpoint of fewer events than the log has, so that there is something to prove.
    await kit.owner`alter table agentdesk.audit_checkpoints disable trigger user`;
    const [newest] = await kit.owner`
      delete from agentdesk.audit_checkpoints where workspace_id = 'T1' and size = 620 returning *`;
    try {
      expect(await compareTree(failAfter(Infinity), log)).toEqual([]);
      for (let most = reads - 1; most >= 0; most -= 1) {
        reads = 0;
        await expect(compareTree(failAfter(most), log)).rejects.toThrow('connection lost');
      }
    } finally {
      await kit.owner`insert into agentdesk.audit_checkpoints ${kit.owner([newest ?? {}])}`;
      await kit.owner`alter table agentdesk.audit_checkpoints enable trigger user`;
    }
  });

  /** Done and undone, one after the other, on the same log. */
  const CASES: [what: string, table: string, change: string, finds: string[]][] = [
    ...[
      "target = 'x'",
      "why = 'x'",
      "outcome = 'x'",
      "at = at + interval '1 microsecond'",
      "actor = 'member:U7'",
      "member_id = 'U2'",
      `detail = detail || '{"ms": 1}'`,
    ].map((change): [string, string, string, string[]] => [
      `changes a row: ${change}`,
      'audit_events',
      `update agentdesk.audit_events set ${change} where id = EVENT(40)`,
      ['row_altered 40'],
    ]),
    [
      'removes a row',
      'audit_events',
      'delete from agentdesk.audit_events where id = EVENT(40)',
      ['row_missing 40'],
    ],
    [
      'moves a row to another workspace',
      'audit_events',
      `update agentdesk.audit_events set workspace_id = 'T2' where id = EVENT(40)`,
      ['row_missing 40'],
    ],
    [
      'puts a row in',
      'audit_events',
      `insert into agentdesk.audit_events (id, workspace_id, type, actor, outcome) values (9999, 'T1', 'call.settled', 'desk', 'done')`,
      ['row_unsealed 9999'],
    ],
    [
      'changes a salt',
      'audit_salts',
      `update agentdesk.audit_salts set salt = decode(repeat('00', 16), 'hex') where event_id = EVENT(40)`,
      ['row_altered 40'],
    ],
    [
      'removes a salt',
      'audit_salts',
      'delete from agentdesk.audit_salts where event_id = EVENT(40)',
      ['salt_missing 40'],
    ],
    [
      'changes a leaf',
      'audit_leaves',
      `update agentdesk.audit_leaves set leaf = replace(leaf, '"ok"', '"no"') where workspace_id = 'T1' and index = 40`,
      ['row_altered 40', 'leaf_altered 0'],
    ],
    [
      'removes a leaf',
      'audit_leaves',
      `delete from agentdesk.audit_leaves where workspace_id = 'T1' and index = 40`,
      ['leaf_missing 40', 'leaf_altered 0', 'row_unsealed 41'],
    ],
    [
      'removes the last leaf',
      'audit_leaves',
      `delete from agentdesk.audit_leaves where workspace_id = 'T1' and index = 619`,
      ['tree_altered 620', 'leaf_missing 619', 'row_unsealed 620'],
    ],
    [
      'changes a node',
      'audit_nodes',
      `update agentdesk.audit_nodes set hash = decode(repeat('00', 32), 'hex') where index = 1`,
      ['tree_altered 620', 'leaf_altered 256'],
    ],
    [
      'removes a node',
      'audit_nodes',
      `delete from agentdesk.audit_nodes where index = 1`,
      ['tree_altered 620', 'leaf_altered 256'],
    ],
    ['sets the head back', 'audit_logs', `update agentdesk.audit_logs set size = 619`, ['tree_altered 619']],
    [
      'changes a checkpoint',
      'audit_checkpoints',
      `update agentdesk.audit_checkpoints set note = replace(note, '620', '621') where size = 620`,
      ['checkpoint_altered 620'],
    ],
  ];

  it.each(CASES)('is found when he %s', async (_, table, change, finds) => {
    const statement = change.replace('EVENT(40)', String(await eventId(40)));
    await kit.owner.unsafe(`create table public.kept as table agentdesk.${table}`);
    await kit.tamper(statement);
    const found = await kinds(kit);
    await kit.tamper(
      `delete from agentdesk.${table}; insert into agentdesk.${table} select * from public.kept`,
    );
    await kit.owner.unsafe('drop table public.kept');
    for (const one of finds) expect(found).toContain(one);
    expect(await kinds(kit)).toEqual([]);
  });

  it('is found even when he cuts the log and makes head and nodes fit: the signed checkpoint covers more', async () => {
    await kit.owner.unsafe('create table public.kept as table agentdesk.audit_logs');
    await kit.tamper(String.raw`update agentdesk.audit_logs set size = 512, edge = sha256('\x01'::bytea ||
      (select hash from agentdesk.audit_nodes where level = 8 and index = 0) ||
      (select hash from agentdesk.audit_nodes where level = 8 and index = 1))`);
    expect(await kinds(kit)).toContain('tree_altered 512');
    await kit.tamper(
      `delete from agentdesk.audit_logs; insert into agentdesk.audit_logs select * from public.kept`,
    );
    await kit.owner.unsafe('drop table public.kept');
  });

  it('is kept, recorded once and told once', async () => {
    await kit.tamper(`update agentdesk.audit_events set target = 'x' where id = ${await eventId(41)}`);
    const fresh = await checkSlice(kit.desk, 'T1', () => new Date());
    const mine = fresh.filter(({ kind }) => kind === 'row_altered');
    expect(mine.map(({ text }) => text).join()).toMatch(
      /Event 41 of the audit log: its row \(\d+\), leaf or salt was altered: target\./,
    );
    expect(
      (await checkSlice(kit.desk, 'T1', () => new Date())).filter(({ kind }) => kind === 'row_altered'),
    ).toEqual([]);
    expect((await checkLog(kit.desk, 'T1')).map(({ key }) => key)).toContain('row_altered/41');
    expect((await listFindings(kit.desk, 'T1')).map(({ key }) => key)).toContain('row_altered/41');
    const recorded =
      await kit.owner`select outcome from agentdesk.audit_events where type = 'audit.finding' and outcome = 'row_altered'`;
    expect(recorded).toHaveLength(1);
  });
});

describe('an erased member', () => {
  it('is no finding; a blanked row that changes again is, and so is one blanked without a record', async () => {
    const kit = await createAuditKit();
    const owner = createDatabase({ url: kit.ownerUrl, role: null }, 1);
    await kit.fill(10);
    await sealAll(kit.desk, kit.signer, 'T1');
    await owner.transaction((tx) => eraseMember(tx, 'T1', 'U1'));
    await sealAll(kit.desk, kit.signer, 'T1');
    expect(await findTampering(kit.desk, 'T1')).toEqual([]);
    await kit.tamper(`update agentdesk.audit_events set type = 'x' where actor = 'erased' and id = 1`);
    expect(await kinds(kit)).toEqual(['row_altered 0']);
    await kit.tamper(`update agentdesk.audit_events set type = 'provider.requested' where id = 1;
      delete from agentdesk.audit_salts where event_id = 2; update agentdesk.audit_events set actor = 'erased' where id = 2`);
    expect(await kinds(kit)).toEqual(['salt_missing 1']);
    await owner.close();
    await kit.drop();
  });
});

describe('a log that grows while it is checked', () => {
  it('does not look altered', async () => {
    const kit = await createAuditKit();
    await kit.fill(300);
    await sealAll(kit.desk, kit.signer, 'T1');
    let growing = true;
    const grow = (async () => {
      while (growing) {
        await kit.fill(30);
        await sealAll(kit.desk, kit.signer, 'T1');
      }
    })();
    for (let round = 0; round < 10; round += 1) expect(await findTampering(kit.desk, 'T1')).toEqual([]);
    growing = false;
    await grow;
    await kit.drop();
  });
});
