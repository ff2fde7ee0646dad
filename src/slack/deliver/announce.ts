import { randomUUID } from 'node:crypto';
import type { FactorNews } from '../../approvals/deps.ts';
import type { Transaction } from '../../db/client.ts';
import type { Jobs } from '../../db/jobs.ts';
import { wakeHome } from '../../db/work.ts';
import type { SlackDeps } from '../deps.ts';
import { dmOf, enqueueOutgoing, type Outgoing } from './enqueue.ts';
import type { OutboxRow } from './outbox.ts';
import type { Payload } from './payload.ts';

/** A place of its own in the outbox; what is sent "there" becomes a direct message to each admin. */
const ADMINS = 'admins';

/** Tells a member and the admins of a change to a passkey, in the transaction that makes it. */
export async function announce(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  { workspaceId, memberId, text, adminText }: FactorNews,
): Promise<void> {
  const key = `passkey:${randomUUID()}`;
  await wakeHome(tx, jobs, { workspaceId, memberId });
  await enqueueOutgoing(tx, jobs, [
    notice(workspaceId, memberId, key, text),
    noticeToAdmins(workspaceId, `${key}:admins`, adminText, memberId),
  ]);
}

/** @param except a member who is not told */
export function noticeToAdmins(workspaceId: string, key: string, text: string, except = ''): Outgoing {
  return {
    workspaceId,
    channel: ADMINS,
    threadTs: null,
    key,
    kind: 'post',
    payload: { type: 'admins', text, except },
  };
}

/** Writes a message for each admin there is now; repeated, it adds none. */
export async function tellAdmins(
  deps: SlackDeps,
  row: Pick<OutboxRow, 'workspaceId' | 'key'>,
  { text, except }: Extract<Payload, { type: 'admins' }>,
): Promise<void> {
  const admins = await deps.directory.listAdmins(row.workspaceId);
  const rows = admins
    .filter((memberId) => memberId !== except)
    .map((memberId) => notice(row.workspaceId, memberId, `${row.key}:${memberId}`, text));
  await deps.calls.database.transaction((tx) => enqueueOutgoing(tx, deps.calls.jobs, rows));
}

function notice(workspaceId: string, memberId: string, key: string, text: string): Outgoing {
  return {
    workspaceId,
    channel: dmOf(memberId),
    threadTs: null,
    key,
    kind: 'post',
    payload: { type: 'notice', text },
  };
}
