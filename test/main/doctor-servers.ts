import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type AddressInfo } from 'node:net';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { diagnose } from '../../src/main/doctor.ts';
import type { DoctorContext, Finding } from '../../src/main/doctor-finding.ts';

/** A small real server on loopback. `answer` gets every request; what it does not answer hangs. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** An address on which nothing listens (any more). */
export async function findDeadUrl(): Promise<string> {
  const probe = createSocketServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return `http://127.0.0.1:${port}`;
}

/** All findings for an environment as an operator would set it. */
export async function examine(
  variables: Readonly<Record<string, string>>,
  change: Partial<Pick<DoctorContext, 'now' | 'nodeVersion' | 'timeoutMs'>> = {},
): Promise<Finding[]> {
  const { config, secrets } = readConfig({
    AGENTDESK_DATA_DIR: mkdtempSync(join(tmpdir(), 'agentdesk-doctor-')),
    ...variables,
  });
  const context = {
    config,
    secrets,
    now: () => new Date(),
    nodeVersion: process.versions.node,
    timeoutMs: 5_000,
    ...change,
  };
  const findings: Finding[] = [];
  for await (const finding of diagnose(context)) findings.push(finding);
  return findings;
}

export function about(findings: readonly Finding[], check: string): Finding[] {
  return findings.filter((finding) => finding.check === check);
}
