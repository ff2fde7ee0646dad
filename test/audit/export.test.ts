import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eraseMember } from '../../src/audit/erase.ts';
import { exportLog } from '../../src/audit/export/export.ts';
import { signManifest, type Manifest } from '../../src/audit/export/manifest.ts';
import { fingerprint, readCheckpoint, signNote, writeKeyLine } from '../../src/audit/log/note.ts';
import { sealAll } from '../../src/audit/log/seal.ts';
import { verifyExport } from '../../src/audit/verify/verify.ts';
import { createDatabase } from '../../src/db/client.ts';
import { verifyIndependently } from './independent-verifier.ts';
import { createAuditKit, type AuditKit } from './kit.ts';

const dirs: string[] = [];
const makeDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'agentdesk-export-'));
  dirs.push(dir);
  return dir;
};
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

const exportTo = (
  kit: AuditKit,
  dir: string,
  filter: Partial<Parameters<typeof exportLog>[2]['filter']> = {},
) =>
  exportLog(kit.desk, kit.signer, {
    workspaceId: 'T1',
    dir,
    filter: { from: null, to: null, memberId: null, ...filter },
    now: () => new Date('2026-10-27T10:00:00Z'),
    onProgress: () => undefined,
  });

const read = (dir: string, file: string): string => readFileSync(join(dir, file), 'utf8');
const verify = (dir: string, more: { key?: string; checkpoint?: string } = {}) =>
  verifyExport({ dir, key: more.key ?? null, checkpoint: more.checkpoint ?? null });

let kit: AuditKit;
let good: string;
let manifest: Manifest;
beforeAll(async () => {
  kit = await createAuditKit();
  await kit.fill(120);
  await sealAll(kit.desk, kit.signer, 'T1');
  await kit.fill(180);
  await sealAll(kit.desk, kit.signer, 'T1');
  await kit.fill(20);
  good = makeDir();
  manifest = await exportTo(kit, good);
});
afterAll(() => kit.drop());

describe('an export', () => {
  it('fits together; it is authentic only by what the auditor brings along', async () => {
    expect(manifest).toMatchObject({ size: 320, events: 320 });
    expect(await verify(good)).toMatchObject({ verdict: 'self-consistent', problems: [] });
    const key = fingerprint(kit.signer.raw);
    expect(await verify(good, { key })).toMatchObject({ verdict: 'authentic', problems: [] });
    expect(await verify(good, { key: key.replace('sha256:', '').toUpperCase() })).toMatchObject({
      verdict: 'authentic',
    });
    const [older, , newest] = readNotes(good);
    expect(await verify(good, { checkpoint: newest! })).toMatchObject({ verdict: 'authentic' });
    const part = await verify(good, { checkpoint: `> ${older!.replaceAll('\n', '\r\n> ')}` });
    expect(part.verdict).toBe('self-consistent');
    expect(part.facts.join()).toContain('vouched for up to event 119');
    expect(verifyIndependently(good)).toEqual({ ok: true, events: 320 });
  });

  it('has each event in three forms, one a line', () => {
    for (const file of ['events.jsonl', 'events.ocsf.jsonl', 'leaves.jsonl', 'salts.txt']) {
      expect(read(good, file).trimEnd().split('\n')).toHaveLength(320);
    }
    const csv = read(good, 'events.csv').trimEnd().split('\n');
    expect(csv).toHaveLength(321);
    expect(csv[1]).toContain('"the plan, ""again"", für Zoë 0 — =1+1"');
    const ocsf = JSON.parse(read(good, 'events.ocsf.jsonl').split('\n')[0]!);
    expect(ocsf).toMatchObject({
      class_uid: 6003,
      activity_id: 1,
      type_uid: 600301,
      category_uid: 6,
      status_id: 1,
    });
    expect(ocsf.http_request).toEqual({
      http_method: 'POST',
      url: { hostname: 'gmail.googleapis.com', path: '/gmail/v1/x' },
    });
  });

  it('of a time and a member has exactly their events, and says so to the verifier', async () => {
    const middle = JSON.parse(read(good, 'events.jsonl').split('\n')[150]!).at as string;
    const dir = makeDir();
    const part = await exportTo(kit, dir, { from: middle, memberId: 'U2' });
    expect(part.events).toBeGreaterThan(10);
    expect(part.events).toBeLessThan(160);
    expect(await verify(dir, { key: fingerprint(kit.signer.raw) })).toMatchObject({ verdict: 'authentic' });
    const lines = read(dir, 'events.jsonl').trimEnd().split('\n');
    expect(new Set(lines.map((line) => JSON.parse(line).member))).toEqual(new Set(['U2']));
    writeFileSync(join(dir, 'events.jsonl'), `${lines.toSpliced(3, 1).join('\n')}\n`);
    const index = JSON.parse(lines[3]!).index;
    expect((await verify(dir)).problems[0]).toContain(`event ${index} is missing`);
  });

  it('that was interrupted goes on where it was', async () => {
    const dir = makeDir();
    const fail = exportLog(kit.desk, kit.signer, {
      workspaceId: 'T1',
      dir,
      filter: { from: null, to: null, memberId: null },
      now: () => new Date(),
      onProgress: () => {
        throw new Error('killed');
      },
    });
    await expect(fail).rejects.toThrow('killed');
    expect((await verify(dir)).problems[0]).toContain('not finished');
    // Half a page more than the state knows of was written.
    writeFileSync(join(dir, 'events.jsonl'), `${read(dir, 'events.jsonl')}{"half":`);
    await expect(exportTo(kit, dir, { memberId: 'U1' })).rejects.toThrow(/beginning of another export/);
    await exportTo(kit, dir);
    expect(existsSync(join(dir, 'export.state.json'))).toBe(false);
    expect((await verify(dir)).problems).toEqual([]);
  });
});

/** Each of these is done to a copy of a good export. */
const lines = (dir: string, file: string, change: (lines: string[]) => string[]): void => {
  writeFileSync(join(dir, file), `${change(read(dir, file).trimEnd().split('\n')).join('\n')}\n`);
};
const swap = (all: string[]): string[] => all.with(40, all[41]!).with(41, all[40]!);
const FALSIFICATIONS: [name: string, falsify: (dir: string) => void, says: RegExp][] = [
  ...['target', 'why', 'detail', 'outcome', 'at', 'type', 'actor', 'member', 'pseudonym'].map(
    (key): [string, (dir: string) => void, RegExp] => [
      `the ${key} of an event is changed`,
      (dir) => {
        lines(dir, 'events.jsonl', (all) => {
          const event = JSON.parse(all[40]!);
          const text = JSON.stringify(event[key]);
          const other = text.replace(/[0-9]/g, (digit) => String((Number(digit) + 1) % 10));
          const changed =
            other === text
              ? text.replace(/[a-y]/, (char) => String.fromCharCode(char.charCodeAt(0) + 1))
              : other;
          return all.with(40, all[40]!.replace(`"${key}":${text}`, `"${key}":${changed}`));
        });
      },
      /event 40 .*does not fit its leaf|line 41 .*is not an event|event 40: the pseudonym/,
    ],
  ),
  [
    'a byte of a key is flipped',
    (dir) => lines(dir, 'events.jsonl', (all) => all.with(40, all[40]!.replace('"agent"', '"agenu"'))),
    /line 41 .*is not an event/,
  ],
  [
    'a space is put in',
    (dir) => lines(dir, 'events.jsonl', (all) => all.with(40, all[40]!.replace(':', ': '))),
    /line 41 .*is not an event/,
  ],
  [
    'a line is removed',
    (dir) => lines(dir, 'events.jsonl', (all) => all.toSpliced(40, 1)),
    /event 40 is missing/,
  ],
  [
    'the first line is removed',
    (dir) => lines(dir, 'events.jsonl', (all) => all.slice(1)),
    /event 0 is missing/,
  ],
  [
    'two lines are swapped',
    (dir) => lines(dir, 'events.jsonl', swap),
    /event 40 is missing or out of order: events.jsonl line 41 holds event 41/,
  ],
  [
    'a line is doubled',
    (dir) => lines(dir, 'events.jsonl', (all) => all.toSpliced(40, 0, all[40]!)),
    /line 42: event 40 stands there twice/,
  ],
  [
    'a line is put in',
    (dir) => lines(dir, 'events.jsonl', (all) => [...all, all[40]!.replace('"index":40', '"index":320')]),
    /event 320 has no leaf/,
  ],
  [
    'the end of the events is cut off',
    (dir) => lines(dir, 'events.jsonl', (all) => all.slice(0, 300)),
    /event 300 is missing/,
  ],
  [
    'the file is cut in a line',
    (dir) => writeFileSync(join(dir, 'events.jsonl'), read(dir, 'events.jsonl').slice(0, -30)),
    /line 320 .*is not an event/,
  ],
  [
    'a byte of a leaf is flipped',
    (dir) => lines(dir, 'leaves.jsonl', (all) => all.with(40, all[40]!.replace('"ok"', '"no"'))),
    /event 40 .*does not fit its leaf/,
  ],
  [
    'a leaf is removed',
    (dir) => lines(dir, 'leaves.jsonl', (all) => all.toSpliced(40, 1)),
    /event 40 .*does not fit its leaf/,
  ],
  ['two leaves are swapped', (dir) => lines(dir, 'leaves.jsonl', swap), /event 40 .*does not fit its leaf/],
  [
    'a leaf is doubled',
    (dir) => lines(dir, 'leaves.jsonl', (all) => all.toSpliced(40, 0, all[40]!)),
    /event 41 .*does not fit its leaf/,
  ],
  [
    'the end of the leaves is cut off',
    (dir) => lines(dir, 'leaves.jsonl', (all) => all.slice(0, 310)),
    /event 310 has no leaf; the log ends before event 310/,
  ],
  [
    'a salt is changed',
    (dir) => lines(dir, 'salts.txt', (all) => all.with(40, `40 ${'0'.repeat(32)}`)),
    /event 40 .*does not fit its leaf/,
  ],
  [
    'a salt is removed',
    (dir) => lines(dir, 'salts.txt', (all) => all.toSpliced(40, 1)),
    /line 41: the salt of event 40 is missing/,
  ],
  [
    'a cell of the table is changed',
    (dir) => lines(dir, 'events.csv', (all) => all.with(41, all[41]!.replace('ok', 'no'))),
    /events.csv line 42: event 40/,
  ],
  [
    'a row of the table is removed',
    (dir) => lines(dir, 'events.csv', (all) => all.toSpliced(41, 1)),
    /events.csv line 42: event 40/,
  ],
  [
    'a row is added to the table',
    (dir) => lines(dir, 'events.csv', (all) => [...all, all[1]!]),
    /events.csv line 322 belongs to no event/,
  ],
  [
    'a word of the OCSF form is changed',
    (dir) => lines(dir, 'events.ocsf.jsonl', (all) => all.with(40, all[40]!.replace('600301', '600302'))),
    /events.ocsf.jsonl line 41: event 40/,
  ],
  [
    'a checkpoint is changed',
    (dir) => lines(dir, 'checkpoints.jsonl', (all) => all.with(1, all[1]!.replaceAll('300', '299'))),
    /checkpoints.jsonl line 2: the signature/,
  ],
  [
    'a checkpoint is removed',
    (dir) => lines(dir, 'checkpoints.jsonl', (all) => all.toSpliced(1, 1)),
    /checkpoints.jsonl is not the file of manifest.json/,
  ],
  [
    'the newest checkpoint is removed',
    (dir) => lines(dir, 'checkpoints.jsonl', (all) => all.slice(0, -1)),
    /checkpoints.jsonl ends with 300 events, manifest.json says 320/,
  ],
  [
    'the key is replaced',
    (dir) =>
      writeFileSync(
        join(dir, 'keys.txt'),
        `${writeKeyLine({ name: manifest.origin, raw: makeKey().raw })}\n`,
      ),
    /checkpoints.jsonl line 1: the signature is not by the key in keys.txt/,
  ],
  [
    'the manifest is changed',
    (dir) => writeFileSync(join(dir, 'manifest.json'), read(dir, 'manifest.json').replace('"T1"', '"T2"')),
    /manifest.json does not fit manifest.sig/,
  ],
  ['a file is removed', (dir) => rmSync(join(dir, 'events.csv')), /events.csv/],
];

describe('the verifier', () => {
  it.each(FALSIFICATIONS)('says where when %s', async (_, falsify, says) => {
    const dir = makeDir();
    cpSync(good, dir, { recursive: true });
    falsify(dir);
    const { verdict, problems } = await verify(dir);
    expect(verdict).toBe('broken');
    expect(problems[0]).toMatch(says);
    const csv = /table|OCSF|file is removed/.test(_);
    if (!csv) expect(verifyIndependently(dir).ok).toBe(false);
  });

  it('names the part between two checkpoints when event, salt and leaf were changed alike', async () => {
    const dir = makeDir();
    cpSync(good, dir, { recursive: true });
    const other = JSON.parse(read(dir, 'leaves.jsonl').split('\n')[150]!).fields.target as string;
    lines(dir, 'leaves.jsonl', (all) => all.with(150, all[150]!.replace(other, `${other.slice(1)}A`)));
    lines(dir, 'events.jsonl', (all) => all.toSpliced(150, 1));
    lines(dir, 'salts.txt', (all) => all.toSpliced(150, 1));
    const { problems } = await verify(dir);
    expect(problems[0]).toMatch(/the checkpoint of 300 events does not fit: something in events 120 to 299/);
  });

  it('finds a log that was cut off by any checkpoint that someone else held', async () => {
    const dir = makeDir();
    cpSync(good, dir, { recursive: true });
    for (const file of ['events.jsonl', 'leaves.jsonl', 'salts.txt', 'events.ocsf.jsonl'])
      lines(dir, file, (all) => all.slice(0, 300));
    lines(dir, 'events.csv', (all) => all.slice(0, 301));
    lines(dir, 'checkpoints.jsonl', (all) => all.slice(0, 2));
    // As the desk itself would have signed it, had it been asked at that time.
    await sign(dir, 300, kit.signer);
    const key = fingerprint(kit.signer.raw);
    expect(await verify(dir, { key })).toMatchObject({ verdict: 'authentic' });
    const pasted = `\`\`\`\n${readNotes(good)[2]!.replace('—', '–')}\`\`\``;
    const { verdict, problems } = await verify(dir, { key, checkpoint: pasted });
    expect(verdict).toBe('broken');
    expect(problems[0]).toMatch(
      /cut off: the checkpoint you gave covers 320 events, the export ends before event 300/,
    );
  });

  it('finds a log that was made up and signed by another key, if it is given the right one or a checkpoint', async () => {
    const dir = makeDir();
    cpSync(good, dir, { recursive: true });
    const forger = makeKey();
    writeFileSync(join(dir, 'keys.txt'), `${writeKeyLine({ name: manifest.origin, raw: forger.raw })}\n`);
    lines(dir, 'checkpoints.jsonl', (all) =>
      all.map((line) => {
        const { size, at, note } = JSON.parse(line);
        const signed = signNote(
          readCheckpoint(note)!.text,
          { name: manifest.origin, raw: forger.raw },
          forger.privateKey,
        );
        return JSON.stringify({ size, at, note: signed });
      }),
    );
    await sign(dir, 320, forger);
    expect(await verify(dir)).toMatchObject({ verdict: 'self-consistent' });
    const byKey = await verify(dir, { key: fingerprint(kit.signer.raw) });
    expect(byKey).toMatchObject({ verdict: 'broken' });
    expect(byKey.problems[0]).toMatch(/wrong key/);
    const byCheckpoint = await verify(dir, { checkpoint: readNotes(good)[0]! });
    expect(byCheckpoint.problems[0]).toMatch(/not signed by the export's key/);
  });

  it('does not take a checkpoint of another log, nor something that is none', async () => {
    const other = readNotes(good)[0]!.replaceAll(
      manifest.origin,
      'agentdesk/log/00000000-0000-4000-8000-000000000000',
    );
    expect((await verify(good, { checkpoint: other })).problems[0]).toMatch(/another log/);
    expect((await verify(good, { checkpoint: 'hello' })).problems[0]).toMatch(/no checkpoint in it/);
  });
});

describe('a member who is erased', () => {
  it('is gone from rows and exports, and everything still verifies', async () => {
    const owner = createDatabase({ url: kit.ownerUrl, role: null }, 1);
    await kit.fill(1, { memberId: 'U9', actor: 'member:U9' });
    await expect(owner.transaction((tx) => eraseMember(tx, 'T1', 'U9'))).rejects.toThrow();
    await sealAll(kit.desk, kit.signer, 'T1');
    await expect(kit.desk.transaction((tx) => eraseMember(tx, 'T1', 'U9'))).rejects.toThrow();
    const before = readNotes(good)[2]!;
    expect(await owner.transaction((tx) => eraseMember(tx, 'T1', 'U1'))).toBe(160);
    expect(await owner.transaction((tx) => eraseMember(tx, 'T1', 'U1'))).toBeNull();
    await owner.close();
    const dir = makeDir();
    const erased = await exportTo(kit, dir);
    const result = await verify(dir, { key: fingerprint(kit.signer.raw), checkpoint: before });
    expect(result.problems).toEqual([]);
    expect(result.facts.join()).toContain('160 erased');
    expect(verifyIndependently(dir)).toEqual({ ok: true, events: erased.events });
    for (const file of ['events.jsonl', 'events.csv', 'leaves.jsonl', 'salts.txt'])
      expect(read(dir, file)).not.toMatch(/"U1"|,U1,|member:U1/);
    const rows =
      await kit.owner`select row_to_json(e)::text as row from agentdesk.audit_events e where e.type = 'provider.requested'`;
    expect(rows.filter(({ row }) => /U1|priya0@/.test(row as string))).toEqual([]);
    // Without the record of the erasure nothing excuses what is missing.
    lines(dir, 'events.jsonl', (all) => all.filter((line) => !line.includes('member.erased')));
    expect((await verify(dir)).problems[0]).toMatch(/is missing/);
  });
});

function readNotes(dir: string): string[] {
  return read(dir, 'checkpoints.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).note as string);
}

function makeKey(): AuditKit['signer'] {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    kid: 'x',
    raw: Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url'),
    privateKey,
  };
}

/** Makes the manifest fit the files, and signs it. */
async function sign(dir: string, size: number, signer: AuditKit['signer']): Promise<void> {
  const { measureFile } = await import('../../src/audit/export/files.ts');
  const made = JSON.parse(read(dir, 'manifest.json')) as Manifest;
  for (const file of Object.keys(made.files)) made.files[file] = await measureFile(join(dir, file));
  const text = `${JSON.stringify({ ...made, size, events: size }, null, 2)}\n`;
  writeFileSync(join(dir, 'manifest.json'), text);
  writeFileSync(join(dir, 'manifest.sig'), signManifest(text, made.origin, signer));
}
