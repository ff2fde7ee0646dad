import { listFindings } from '../../audit/check/findings.ts';
import { noticeToAdmins } from '../../slack/deliver/announce.ts';
import { enqueueOutgoing } from '../../slack/deliver/enqueue.ts';
import type { Desk } from '../desk.ts';

const MINUTE = 60_000;
/** Findings that are told in full; more say no more. */
const TOLD = 5;

/** Tells the admins of what was found in each full minute of the last hour; told twice, it is said once. */
export async function tellFindings(
  { database, jobs }: Pick<Desk, 'database' | 'jobs'>,
  workspaceId: string,
  now: Date,
): Promise<void> {
  if (workspaceId === '') return;
  const minute = (at: Date): number => Math.floor(at.getTime() / MINUTE);
  const recent = (await listFindings(database, workspaceId)).filter(
    ({ foundAt }) => minute(foundAt) < minute(now) && minute(foundAt) > minute(now) - 60,
  );
  for (const [at, found] of Map.groupBy(recent, ({ foundAt }) => minute(foundAt))) {
    const more = found.length > TOLD ? ` And ${found.length - TOLD} more.` : '';
    const text = `The check of the audit log found something. ${found
      .slice(0, TOLD)
      .map((finding) => finding.text)
      .join(' ')}${more} Look with: agentdesk audit check`;
    await database.transaction((tx) =>
      enqueueOutgoing(tx, jobs, [noticeToAdmins(workspaceId, `audit:findings:${at}`, text)]),
    );
  }
}
