import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A verifier written from docs/audit-format.md alone. It shares no code with ours: it keeps all in memory, parses leaves
 * instead of comparing texts, and computes roots by the recursive definition.
 */
export function verifyIndependently(dir: string): { ok: true; events: number } | { ok: false; why: string } {
  try {
    return { ok: true, events: check(dir) };
  } catch (error) {
    return { ok: false, why: String(error) };
  }
}

const sha = (...parts: (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

function demand(holds: boolean, why: string): asserts holds {
  if (!holds) throw new Error(why);
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`).join(',')}}`;
}

function root(hashes: Buffer[]): Buffer {
  if (hashes.length === 0) return sha();
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return sha(Uint8Array.of(1), root(hashes.slice(0, k)), root(hashes.slice(k)));
}

function check(dir: string): number {
  const text = (file: string): string => readFileSync(join(dir, file), 'utf8');
  const lines = (file: string): string[] => {
    const all = text(file).split('\n');
    demand(all.pop() === '', `${file} has no last line end`);
    return all;
  };
  const manifest = JSON.parse(text('manifest.json'));
  const keys = lines('keys.txt').map((line) => {
    const [name, id, body] = line.split('+', 3);
    const raw = Buffer.from(line.slice(`${name}+${id}+`.length), 'base64');
    demand(name === manifest.origin && body !== undefined && raw[0] === 1 && raw.length === 33, 'keys.txt');
    return {
      id,
      key: createPublicKey({
        key: { kty: 'OKP', crv: 'Ed25519', x: raw.subarray(1).toString('base64url') },
        format: 'jwk',
      }),
    };
  });
  const demandNote = (note: string, signed: string): void => {
    demand(note.startsWith(`${signed}\n— ${manifest.origin} `), 'a note has another text');
    const bytes = Buffer.from(note.trimEnd().split(' ').at(-1)!, 'base64');
    const known = keys.find(({ id }) => id === bytes.subarray(0, 4).toString('hex'));
    demand(
      known !== undefined && verify(null, Buffer.from(signed), known.key, bytes.subarray(4)),
      'a signature does not hold',
    );
  };
  demandNote(
    text('manifest.sig'),
    `agentdesk/audit-export/1\n${manifest.origin}\nsha256:${sha(text('manifest.json')).toString('hex')}\n`,
  );
  for (const [file, { sha256 }] of Object.entries<{ sha256: string }>(manifest.files)) {
    if (!file.includes('csv') && !file.includes('ocsf'))
      demand(sha(readFileSync(join(dir, file))).toString('hex') === sha256, `${file} is another`);
  }
  const leaves = lines('leaves.jsonl');
  const hashes = leaves.map((leaf) => sha(Uint8Array.of(0), leaf));
  const checkpoints = lines('checkpoints.jsonl').map((line) => JSON.parse(line));
  for (const { note, size } of checkpoints) {
    demandNote(note, `${manifest.origin}\n${size}\n${root(hashes.slice(0, size)).toString('base64')}\n`);
  }
  demand(checkpoints.at(-1).size === leaves.length && leaves.length === manifest.size, 'the log was cut');
  const events = new Map<number, string>(lines('events.jsonl').map((line) => [JSON.parse(line).index, line]));
  const order = lines('events.jsonl').map((line) => JSON.parse(line).index as number);
  demand(
    order.every((index, at) => at === 0 || index > order[at - 1]!),
    'events are out of order',
  );
  const salts = new Map(lines('salts.txt').map((line) => line.split(' ') as [string, string]));
  const heads = leaves.map((leaf) => JSON.parse(leaf));
  const erased = new Set(heads.filter(({ type }) => type === 'member.erased').map(({ member }) => member));
  const pruned = Math.max(
    0,
    ...heads
      .filter(({ type }) => type === 'audit.pruned')
      .map(({ outcome }) => Number(/^before_(\d+)$/.exec(outcome)?.[1] ?? 0)),
  );
  const { from, to, member } = manifest.filter;
  for (const [index, head] of heads.entries()) {
    const passes = (!from || head.at >= from) && (!to || head.at < to) && (!member || head.member === member);
    const line = events.get(index);
    if (line === undefined) {
      demand(
        !passes || index < pruned || (erased.has(head.member) && head.type !== 'member.erased'),
        `event ${index} is missing`,
      );
      continue;
    }
    demand(passes && canonical(JSON.parse(line)) === line, `event ${index} is not canonical`);
    demand(
      canonical(makeLeaf(JSON.parse(line), manifest.origin.split('/')[2], salts.get(`${index}`)!)) ===
        leaves[index],
      `event ${index} is not its leaf`,
    );
  }
  demand(
    events.size === manifest.events && order.every((index) => index < leaves.length),
    'events without leaves',
  );
  return events.size;
}

function makeLeaf(event: Record<string, Json>, log: string, salt: string): Json {
  const isWord = (value: Json): boolean => /^[a-z][a-z0-9_.]{0,39}$/.test(String(value));
  const fields: Record<string, Json> = {};
  for (const [key, value] of Object.entries(event)) {
    if (['at', 'index', 'pseudonym'].includes(key)) continue;
    if (['outcome', 'type'].includes(key) && isWord(value)) continue;
    fields[key] = sha(salt, key, canonical(value)).toString('base64url');
  }
  const word = (key: string): Json => (isWord(event[key]!) ? event[key]! : '-');
  const leaf: Record<string, Json> = {
    v: 1,
    log,
    at: event['at']!,
    index: event['index']!,
    fields,
    type: word('type'),
    outcome: word('outcome'),
  };
  if (event['pseudonym'] !== undefined) leaf['member'] = event['pseudonym'];
  return leaf;
}
