import { append } from '../../audit/append.ts';
import { liftHold, placeHold } from '../../audit/holds.ts';
import { createDatabase } from '../../db/client.ts';
import { USAGE, type AuditSession } from './session.ts';
import { readOptions, UsageError } from './options.ts';

/** `agentdesk audit hold`: as the owner of the database; while it stands, nothing of the subject is pruned, erased or swept. */
export async function runHold({ ownerUrl, args }: AuditSession): Promise<number> {
  const { values, rest } = readOptions(args, ['workspace', 'member', 'reason', 'lift']);
  const { workspace: workspaceId, reason, lift } = values;
  if (workspaceId === undefined || rest.length > 0) throw new UsageError(USAGE);
  if ((reason === undefined) === (lift === undefined) || (lift !== undefined && lift !== 'yes')) {
    throw new UsageError(USAGE);
  }
  const memberId = values.member ?? '';
  const name = memberId === '' ? workspaceId : `${memberId} in ${workspaceId}`;
  const owner = createDatabase({ url: ownerUrl, role: null }, 1);
  try {
    if (reason !== undefined) await placeHold(owner, { workspaceId, memberId }, reason);
    else if (!(await liftHold(owner, { workspaceId, memberId }))) {
      process.stderr.write(`There is no hold on ${name}.\n`);
      return 1;
    }
    await owner.transaction((tx) =>
      append(tx, {
        workspaceId,
        type: 'audit.held',
        actor: 'operator',
        memberId: memberId === '' ? null : memberId,
        outcome: reason === undefined ? 'lifted' : 'placed',
        why: reason ?? null,
      }),
    );
  } finally {
    await owner.close();
  }
  process.stdout.write(`${name}: the hold was ${reason === undefined ? 'lifted' : 'placed'}.\n`);
  return 0;
}
