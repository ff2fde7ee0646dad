import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findCheckpoint } from '../../src/audit/log/note.ts';
import { sealAll } from '../../src/audit/log/seal.ts';
import { tellWitness } from '../../src/audit/log/witness.ts';
import { createAuditKit, type AuditKit } from './kit.ts';

let kit: AuditKit;
let server: Server;
let answer: { status: number; headers?: Record<string, string> };
let url: string;
const got: string[] = [];
beforeAll(async () => {
  kit = await createAuditKit();
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (answer.status === 200) got.push(JSON.parse(body).text);
      response.writeHead(answer.status, answer.headers).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/secret`;
});
afterAll(async () => {
  server.close();
  await kit.drop();
});

const tell = (): Promise<number> => tellWitness({ database: kit.desk, url });
const row = async () =>
  (
    await kit.owner`select size::int, attempts, last_error, round(extract(epoch from due_at - now()))::int as wait from agentdesk.audit_witnesses`
  )[0]!;
const makeDue = () => kit.owner`update agentdesk.audit_witnesses set due_at = now()`;

it('is told of the newest checkpoint, again after failures, and of none twice', async () => {
  await kit.fill(3);
  await sealAll(kit.desk, kit.signer, 'T1');
  answer = { status: 500 };
  expect(await tell()).toBe(0);
  expect(await row()).toMatchObject({ size: 0, attempts: 1, last_error: 'HTTP 500' });
  answer = { status: 200 };
  expect(await tell()).toBe(0);
  await makeDue();
  answer = { status: 429, headers: { 'retry-after': '77' } };
  expect(await tell()).toBe(0);
  expect((await row())['wait']).toBeGreaterThan(70);
  await makeDue();
  answer = { status: 302, headers: { location: url } };
  expect(await tell()).toBe(0);
  expect(await row()).toMatchObject({ attempts: 3, last_error: 'not reachable' });
  await kit.fill(2);
  await sealAll(kit.desk, kit.signer, 'T1');
  await makeDue();
  answer = { status: 200 };
  expect(await tell()).toBe(1);
  expect(await tell()).toBe(0);
  expect(got).toHaveLength(1);
  expect(findCheckpoint(got[0]!)).toMatchObject({ size: 5 });
  expect(await row()).toMatchObject({ size: 5, attempts: 0, last_error: null });
  await kit.fill(1);
  await sealAll(kit.desk, kit.signer, 'T1');
  expect(await tell()).toBe(1);
});

it("keeps the witness's address nowhere", async () => {
  const rows = await kit.owner`select row_to_json(w)::text as row from agentdesk.audit_witnesses w`;
  expect(JSON.stringify(rows)).not.toContain('secret');
});
