import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  readonly key: string;
  readonly cert: string;
  /** What NODE_EXTRA_CA_CERTS has to name. */
  readonly caFile: string;
  readonly ca: string;
  remove(): void;
}

/**
 * A certificate authority of its own, and a certificate of it for `localhost`, good for two days. Made by the `openssl`
 * program, for Node itself can only read certificates.
 */
export function makeCertificates(): Certificates {
  const dir = mkdtempSync(join(tmpdir(), 'agentdesk-tenant-'));
  const at = (name: string): string => join(dir, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  openssl(
    'req',
    '-x509',
    ...fresh,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-subj',
    '/CN=Tenant stand-in',
  );
  openssl('req', ...fresh, '-keyout', at('key.pem'), '-out', at('csr.pem'), '-subj', '/CN=localhost');
  writeFileSync(at('ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n');
  const signed = [
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    at('ext'),
  ];
  openssl('x509', '-req', '-in', at('csr.pem'), ...signed, '-out', at('cert.pem'));
  return {
    key: readFileSync(at('key.pem'), 'utf8'),
    cert: readFileSync(at('cert.pem'), 'utf8'),
    caFile: at('ca.pem'),
    ca: readFileSync(at('ca.pem'), 'utf8'),
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
