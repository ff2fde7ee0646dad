import { findByCallback } from '../../src/vault/accounts/browser.ts';
import { authorizeConnect, beginConnect } from '../../src/vault/accounts/connect.ts';
import { finishConnect } from '../../src/vault/accounts/complete.ts';
import { ensureMember } from '../../src/vault/accounts/members.ts';
import { readConnectLink, requestConnect, writeConnectLink } from '../../src/vault/accounts/request.ts';
import type { VaultDeps } from '../../src/vault/deps.ts';

/** Goes through a stand-in's consent page as a browser would, and completes the connection. */
export async function connectThroughBrowser(
  vault: VaultDeps,
  who: { workspaceId: string; memberId: string; connection: string; email: string },
): Promise<void> {
  await vault.database.transaction((tx) =>
    ensureMember(tx, { ...who, issuer: vault.vault.issuer, embedded: true }),
  );
  const request = await requestConnect(vault, { ...who, purpose: 'test', level: 'all', waiting: null });
  const link = writeConnectLink(vault, request.id);
  const live = await readConnectLink(vault, link.slice(link.lastIndexOf('/') + 1));
  const browser = await beginConnect(vault, live, null);
  const proving = await findByCallback(vault, {
    state: browser.state,
    cookieOf: () => browser.cookie,
    status: 'proving',
  });
  const consent = await authorizeConnect(vault, proving, null);
  const code = await allow(
    consent,
    who.connection === 'github' ? `${who.email.split('@')[0] ?? ''}-acme` : who.email,
  );
  const back = await findByCallback(vault, {
    state: code.state,
    cookieOf: () => browser.cookie,
    status: 'authorizing',
  });
  const done = await finishConnect(vault, back, code.code, who.email);
  if (done.status !== 'connected') throw new Error(`not connected: ${JSON.stringify(done)}`);
}

async function allow(url: string, account: string): Promise<{ code: string; state: string }> {
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ account, decision: 'allow' }),
  });
  const back = new URL(answer.headers.get('location') ?? '', url);
  return { code: back.searchParams.get('code') ?? '', state: back.searchParams.get('state') ?? '' };
}
