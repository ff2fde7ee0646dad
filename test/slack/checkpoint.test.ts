import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { append } from '../../src/audit/append.ts';
import { exportLog } from '../../src/audit/export/export.ts';
import { loadLogSigner } from '../../src/audit/log/keys.ts';
import { sealAll } from '../../src/audit/log/seal.ts';
import { verifyExport } from '../../src/audit/verify/verify.ts';
import { postCheckpoints } from '../../src/main/audit/channels.ts';
import type { Message } from '../../src/sandbox/slack/world.ts';
import { createSlackDesk, TEAM, type SlackDesk } from './desk.ts';
import { textOf, until } from './look.ts';

let desk: SlackDesk;
const dir = mkdtempSync(join(tmpdir(), 'agentdesk-checkpoint-'));
beforeAll(async () => {
  desk = await createSlackDesk(() => Promise.resolve({ status: 'done', reply: '' }));
});
afterAll(async () => {
  await desk.stop();
  rmSync(dir, { recursive: true, force: true });
});

const CHANNEL = 'C0GENERAL';
const posted = (): Message[] =>
  desk.world.messages(CHANNEL, 'U0BEN').filter((message) => textOf(message).includes('Audit checkpoint'));

it('is posted in the channel, once and not too often; pasted from there it proves an export', async () => {
  const { deps, world } = desk;
  const { database, jobs, keyring } = deps.calls;
  const signer = await loadLogSigner(database, keyring);
  const workspaceId = TEAM;
  const record = async (count: number): Promise<void> => {
    const event = { workspaceId, type: 'desk.stopped', actor: 'desk', outcome: 'ok' } as const;
    await database.transaction((tx) => append(tx, ...Array.from({ length: count }, () => event)));
    await sealAll(database, signer, workspaceId);
  };
  const post = () => postCheckpoints({ database, jobs }, [{ workspaceId: null, channel: CHANNEL }]);
  await record(3);
  await Promise.all([post(), post(), post()]);
  const [message] = await until(() => (posted().length > 0 ? posted() : null));
  await record(2);
  await post();
  expect(posted()).toHaveLength(1);
  await desk.database.owner`update agentdesk.audit_witnesses set due_at = now()`;
  await Promise.all([post(), post()]);
  await until(() => posted().length === 2);
  await post();
  expect(posted()).toHaveLength(2);
  expect(world.violations()).toEqual([]);

  await exportLog(database, signer, {
    workspaceId,
    dir,
    filter: { from: null, to: null, memberId: null },
    now: () => new Date(),
    onProgress: () => undefined,
  });
  const pastes = [textOf(message!), `AgentDesk\nAPP  10:31 AM\n${textOf(posted()[1]!)}\n:eyes: 1\nedited`];
  const [first, second] = await Promise.all(
    pastes.map((checkpoint) => verifyExport({ dir, key: null, checkpoint })),
  );
  expect(first?.problems).toEqual([]);
  expect(first?.facts.join()).toContain('vouched for up to event 2');
  expect(second).toMatchObject({ verdict: 'authentic', problems: [] });
});
