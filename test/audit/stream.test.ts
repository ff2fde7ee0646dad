import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealAll } from '../../src/audit/log/seal.ts';
import { deliverNext, listStreams } from '../../src/audit/stream/deliver.ts';
import type { Sink } from '../../src/audit/stream/sink.ts';
import { createStdoutSink } from '../../src/audit/stream/stdout.ts';
import { createWebhookSink } from '../../src/audit/stream/webhook.ts';
import { createAuditKit, type AuditKit } from './kit.ts';

const SECRET = Buffer.alloc(32, 5);
const AT = new Date('2026-10-27T10:00:00Z');

let kit: AuditKit;
let server: Server;
let url: string;
/** What the receiver answers next; `hang up` breaks the connection off after it was read. */
let answer: { status: number; headers?: Record<string, string> } | 'hang up' = { status: 200 };
let inside = 0;
let together = 0;
const got: { headers: IncomingHttpHeaders; body: string }[] = [];

beforeAll(async () => {
  kit = await createAuditKit();
  server = createServer((request, response) => {
    inside += 1;
    together = Math.max(together, inside);
    void text(request).then((body) => {
      got.push({ headers: request.headers, body });
      setTimeout(() => {
        inside -= 1;
        if (answer === 'hang up') request.socket.destroy();
        else response.writeHead(answer.status, answer.headers).end();
      }, 20);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in?token=hidden`;
});
afterAll(async () => {
  server.close();
  await kit.drop();
});

const webhook = (format: 'agentdesk' | 'ocsf' = 'agentdesk'): Sink =>
  createWebhookSink({ url, secret: SECRET, format, now: () => AT });
const send = async (sink = webhook()) => {
  const due = await listStreams(kit.desk, sink.name);
  return due.includes('T1') ? deliverNext(kit.desk, sink, 'T1') : null;
};
const makeDue = () => kit.owner`update agentdesk.audit_streams set due_at = now()`;
const indexes = (body: string): number[] =>
  (JSON.parse(body) as { events: { index: number }[] }).events.map(({ index }) => index);

describe('the stream to a webhook', () => {
  it('has nothing to say of what is not sealed', async () => {
    await kit.fill(3);
    expect(await send()).toBeNull();
  });

  it('is signed so that a receiver with the secret can tell, and one who changed a byte is found out', async () => {
    await sealAll(kit.desk, kit.signer, 'T1');
    expect(await send()).toMatchObject({ sent: 3, waiting: 0, problem: null });
    const { headers, body } = got.at(-1)!;
    const [id, timestamp] = [headers['webhook-id'], headers['webhook-timestamp']];
    const sign = (what: string): string =>
      `v1,${createHmac('sha256', SECRET)
        .update(`${String(id)}.${String(timestamp)}.${what}`)
        .digest('base64')}`;
    expect(timestamp).toBe(String(AT.getTime() / 1000));
    expect(headers['webhook-signature']).toBe(sign(body));
    expect(headers['webhook-signature']).not.toBe(sign(body.replace('priya0', 'priya1')));
    expect(JSON.parse(body)).toMatchObject({ type: 'audit.events', workspace: 'T1', from: 0, to: 3 });
    expect(indexes(body)).toEqual([0, 1, 2]);
    expect(await send()).toBeNull();
  });

  it('repeats what was not taken, later each time, and loses nothing of the order', async () => {
    await kit.fill(2);
    await sealAll(kit.desk, kit.signer, 'T1');
    got.length = 0;
    const refusals: (typeof answer)[] = [
      { status: 500 },
      { status: 302, headers: { location: '/elsewhere' } },
      'hang up',
      { status: 429, headers: { 'retry-after': '77' } },
    ];
    for (const [times, refusal] of refusals.entries()) {
      answer = refusal;
      const delivery = await send();
      expect(delivery).toMatchObject({ sent: 0, waiting: 2, attempts: times + 1 });
      expect(JSON.stringify(delivery)).not.toContain('hidden');
      expect(await send()).toBeNull();
      await kit.owner`update agentdesk.audit_streams set due_at = now() where attempts < 4`;
    }
    const [row] =
      await kit.owner`select attempts, last_error, round(extract(epoch from due_at - now()))::int as wait
      from agentdesk.audit_streams where sink = 'webhook'`;
    expect(row).toMatchObject({ attempts: 4, last_error: 'HTTP 429' });
    expect(row?.['wait']).toBeGreaterThan(70);
    await makeDue();
    answer = { status: 204 };
    await kit.fill(1);
    await sealAll(kit.desk, kit.signer, 'T1');
    expect(await send()).toMatchObject({ sent: 3, waiting: 0, problem: null });
    // Nobody followed the redirect: four refusals, one success.
    expect(got.map(({ body }) => indexes(body))).toEqual([
      [3, 4],
      [3, 4],
      [3, 4],
      [3, 4],
      [3, 4, 5],
    ]);
    expect(got[0]!.headers['webhook-id']).toBe(got[1]!.headers['webhook-id']);
  });

  it('is sent by one process at a time, each event once as long as it is taken', async () => {
    await kit.fill(1_700);
    await sealAll(kit.desk, kit.signer, 'T1');
    got.length = 0;
    [answer, together] = [{ status: 200 }, 0];
    const drain = async (): Promise<void> => {
      for (let idle = 0; idle < 3;) idle = (await send()) === null ? idle + 1 : 0;
    };
    await Promise.all([drain(), drain(), drain()]);
    await drain();
    expect(together).toBe(1);
    expect(got.flatMap(({ body }) => indexes(body))).toEqual(
      Array.from({ length: 1_700 }, (_, at) => 6 + at),
    );
  });

  it('speaks OCSF when asked to', async () => {
    await kit.fill(1);
    await sealAll(kit.desk, kit.signer, 'T1');
    await send(webhook('ocsf'));
    const [event] = (JSON.parse(got.at(-1)!.body) as { events: object[] }).events;
    expect(event).toMatchObject({ class_uid: 6003, metadata: { sequence: 1_706 } });
  });
});

describe('the stream to stdout', () => {
  it('is a JSON line an event, from the first on, told from the log by its key', async () => {
    const out = new PassThrough();
    const sink = createStdoutSink(out, 'agentdesk');
    const read = text(out);
    while ((await send(sink)) !== null);
    out.end();
    const lines = (await read).trimEnd().split('\n');
    expect(lines).toHaveLength(1_707);
    expect(JSON.parse(lines[40]!)).toMatchObject({ workspace: 'T1', audit: { index: 40 } });
  });
});
