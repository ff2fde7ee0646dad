import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readLinkReference, writeLinkReference } from '../../src/db/link-reference.ts';
import { disconnectAccount } from '../../src/vault/accounts/disconnect.ts';
import { expireConnects } from '../../src/vault/accounts/expire.ts';
import { listAccounts } from '../../src/vault/accounts/list.ts';
import { listWaiting, requestConnect, writeConnectLink } from '../../src/vault/accounts/request.ts';
import type { ConnectRequest } from '../../src/vault/deps.ts';
import { createDesk, type Desk } from './desk.ts';
import { consent, createVisitor } from './visitor.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk();
});
beforeEach(async () => {
  desk.kit.provider.reset();
  desk.setVaultDown(false);
  // What an earlier test left to run out.
  await expireConnects(desk.vault);
  desk.told.length = 0;
  await desk.open();
});
afterAll(() => desk.stop());

/** A turn whose call waits for an account. */
async function createWaiting() {
  const turnId = `T0SANDBOX/D0BEN/1.1/${randomUUID()}`;
  await desk.kit.database.owner`
    insert into agentdesk.turns (id, workspace_id, conversation_id, member_id, channel, thread_ts, surface, text, status, trace_id)
    values (${turnId}, 'T0SANDBOX', 'c', 'U0BEN', 'D0BEN', '1.1', 'dm', 'mail', 'waiting', 't')`;
  const ask = () =>
    requestConnect(desk.vault, {
      workspaceId: 'T0SANDBOX',
      memberId: 'U0BEN',
      connection: 'google-oauth2',
      purpose: 'mail',
      level: 'all',
      waiting: { turnId, toolCallId: 'call_1' },
    });
  const countResumes = async () => {
    const [row] = await desk.kit.database.owner<{ count: number }[]>`
      select count(*)::int as count from agentdesk.inbox where turn_id = ${turnId} and kind = 'resume'`;
    return row?.count ?? 0;
  };
  return { turnId, ask, countResumes };
}

const set = (request: ConnectRequest, status: string, ageSeconds = 0) => desk.kit.database.owner`
  update agentdesk.connect_requests
  set status = ${status}, expires_at = clock_timestamp() + make_interval(secs => ${60 - ageSeconds})
  where id = ${request.id}`;

const countHomeWakes = async () => {
  const [row] = await desk.kit.database.owner<{ count: number }[]>`
    select count(*)::int as count from pgboss.job where name = 'home' and singleton_key = 'T0SANDBOX/U0BEN'`;
  return row?.count ?? 0;
};

describe('a call that waits for an account', () => {
  it('has one request while that is open, and a fresh one when it failed or ran out, three in all', async () => {
    const { turnId, ask } = await createWaiting();
    const first = await ask();
    expect((await ask()).id).toBe(first.id);
    for (const status of ['proving', 'authorizing', 'completing', 'awaiting_admin', 'connected']) {
      await set(first, status);
      expect((await ask()).id).toBe(first.id);
    }
    await set(first, 'failed');
    const second = await ask();
    expect(second).toMatchObject({ status: 'open', turnId });
    expect(second.id).not.toBe(first.id);
    // Late, though nobody has marked it yet.
    await set(second, 'open', 61);
    const third = await ask();
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);
    expect((await listWaiting(desk.vault, turnId)).map((one) => one.id)).toContain(third.id);
    await set(third, 'expired');
    expect(await ask()).toMatchObject({ id: third.id, status: 'expired' });
  });

  it('goes on by itself when its link was refused, and gets another', async () => {
    const { ask, countResumes } = await createWaiting();
    const request = await ask();
    const link = writeConnectLink(desk.vault, request.id);
    const posted = await createVisitor().post(link);
    expect((await createVisitor().get(desk.slack.agree(posted.location))).status).toBe(403);
    expect(await desk.statusOf(request)).toBe('failed');
    expect(await countResumes()).toBe(1);
    expect(desk.told).toMatchObject([{ requestId: request.id }]);
    const ben = createVisitor();
    const again = await ask();
    const back = await ben.get(
      desk.slack.agree((await ben.post(writeConnectLink(desk.vault, again.id))).location),
    );
    expect((await ben.get(consent(back.location))).text).toContain('Connected');
    expect(await countResumes()).toBe(2);
  });
});

describe('a process that dies while it spends a code', () => {
  it('leaves the request to expire, and the member is told in words', async () => {
    const { request, url } = await desk.link();
    await set(request, 'completing');
    const page = await createVisitor().get(url);
    expect(page.status).toBe(409);
    expect(page.text).toContain('Almost done');
    expect(page.text).toContain('Reload this page in a few seconds');
    // The vault may still answer for a while after the link's time.
    await set(request, 'completing', 90);
    await expireConnects(desk.vault);
    expect(await desk.statusOf(request)).toBe('completing');
    await set(request, 'completing', 200);
    expect(await expireConnects(desk.vault)).toBe(1);
    expect(await desk.statusOf(request)).toBe('expired');
    expect(desk.told.map((one) => one.text)).toEqual([
      'Connecting your Google account was interrupted and not finished. Use /agentdesk connect to try again.',
    ]);
    expect((await createVisitor().get(url)).text).toContain('has expired. Ask for a new one');
  });

  it('an idle link ends without a word, unless a turn waits for it', async () => {
    const { request } = await desk.link();
    await set(request, 'proving', 61);
    const { ask, countResumes } = await createWaiting();
    const waiting = await ask();
    await set(waiting, 'open', 61);
    expect(await expireConnects(desk.vault)).toBe(2);
    expect(desk.told.map((one) => one.requestId)).toEqual([waiting.id]);
    expect(await countResumes()).toBe(1);
  });
});

it('a member’s Home is drawn anew after a connect and after a disconnect', async () => {
  const before = await countHomeWakes();
  const ben = createVisitor();
  const back = await ben.get(desk.slack.agree((await ben.post((await desk.link()).url)).location));
  await ben.get(consent(back.location));
  expect(await countHomeWakes()).toBe(before + 1);
  const [account] = await listAccounts(desk.vault.database, 'T0SANDBOX', 'U0BEN');
  if (account === undefined) throw new Error('no account');
  desk.answerInstead('{"revoked":false}');
  expect(await disconnectAccount(desk.vault, account, 'member:U0BEN')).toBe('not_revoked');
  expect(await countHomeWakes()).toBe(before + 2);
});

it('a disconnect whose answer makes no sense is tried again, and the account is unusable all the same', async () => {
  const ben = createVisitor();
  const back = await ben.get(desk.slack.agree((await ben.post((await desk.link()).url)).location));
  await ben.get(consent(back.location));
  const [account] = await listAccounts(desk.vault.database, 'T0SANDBOX', 'U0BEN');
  if (account === undefined) throw new Error('no account');
  desk.answerInstead('<html>');
  expect(await disconnectAccount(desk.vault, account, 'member:U0BEN')).toBe('later');
  expect(await listAccounts(desk.vault.database, 'T0SANDBOX', 'U0BEN')).toEqual([]);
});

describe('a link’s reference', () => {
  it('is exactly an id and its MAC, of its own kind', () => {
    const { keyring } = desk.vault;
    const id = randomUUID();
    const made = writeLinkReference(keyring, 'connect', id);
    expect(readLinkReference(keyring, 'connect', made)).toBe(id);
    for (const other of ['strong', 'passkey'] as const)
      expect(readLinkReference(keyring, other, made)).toBeNull();
    for (const bad of [`${made}.`, `${made}.x`, `.${made}`, id, `${id}.`, made.toUpperCase(), '', '.'])
      expect(readLinkReference(keyring, 'connect', bad)).toBeNull();
  });

  it('is made with a key that seals nothing', () => {
    const { keyring } = desk.vault;
    expect(keyring.derive('connect-link').equals(keyring.derive('connect-session'))).toBe(false);
    expect(keyring.derive('connect-link').equals(keyring.derive('strong-link'))).toBe(false);
  });
});
