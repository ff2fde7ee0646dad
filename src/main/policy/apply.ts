import { propose } from '../../policy/versions/propose.ts';
import { tellOperatorChange } from '../../slack/deliver/operator-change.ts';
import { tellMoved } from '../../slack/deliver/policy-moved.ts';
import { createOnDecided } from '../on-decided.ts';
import { readHead } from '../../policy/versions/read.ts';
import type { PolicyArguments } from './arguments.ts';
import { readDocument } from './files.ts';
import type { PolicyTools } from './tools.ts';

/** A new version like any edit: what only tightens is in force at once, anything else waits for an admin. */
export async function applyFile(
  { database, catalog, keyring, openJobs, write }: PolicyTools,
  { workspace, json }: PolicyArguments,
  file: string,
): Promise<number> {
  const place = { workspaceId: workspace ?? '', owner: '' };
  const { number: baseVersion } = await readHead(database.db, place);
  const jobs = await openJobs();
  const version = await propose(
    {
      database,
      catalog,
      keyring,
      onMoved: (tx, moved) => tellMoved(tx, { jobs, approvals: { onDecided: createOnDecided(jobs) } }, moved),
      onPending: (tx, pending) => tellOperatorChange(tx, jobs, pending),
    },
    {
      ...place,
      baseVersion,
      document: readDocument(file),
      author: { memberId: 'operator', role: 'admin' },
      source: 'cli',
    },
  ).finally(() => jobs.stop());
  const { id, number, parent, status, classification, diff } = version;
  if (json) {
    write(JSON.stringify({ id, number, parent, status, classification, diff }, null, 2));
    return 0;
  }
  const outcome =
    status === 'active'
      ? `Version ${number} only tightens: it is in force now.`
      : `Version ${number} loosens something, so it is kept as pending and version ${parent} stays in force. Only a person can approve it: the admins are told in Slack, and one of them takes it up with /agentdesk policy review ${number}.`;
  write([...diff, outcome].join('\n'));
  return 0;
}
