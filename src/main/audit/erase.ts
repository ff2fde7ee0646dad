import { eraseContent } from '../../audit/erase-content.ts';
import { eraseMember } from '../../audit/erase.ts';
import { sealAll } from '../../audit/log/seal.ts';
import { createDatabase } from '../../db/client.ts';
import { USAGE, type AuditSession } from './session.ts';
import { readOptions, UsageError } from './options.ts';

/** `agentdesk audit erase`: as the owner of the database; what the log and the desk say of one member goes, in one transaction. */
export async function runErase({ database, signer, ownerUrl, args }: AuditSession): Promise<number> {
  const { values, rest } = readOptions(args, ['workspace', 'member']);
  const { workspace, member } = values;
  if (workspace === undefined || member === undefined || rest.length > 0) throw new UsageError(USAGE);
  await sealAll(database, signer, workspace);
  const owner = createDatabase({ url: ownerUrl, role: null }, 1);
  try {
    const erased = await owner.transaction(async (tx) => {
      await eraseContent(tx, workspace, member);
      return eraseMember(tx, workspace, member);
    });
    if (erased === null) {
      process.stderr.write(`The log of ${workspace} knows no member ${member}.\n`);
      return 1;
    }
    process.stdout.write(
      `Erased what ${erased} events said of ${member}, and their turns, calls, conversations, accounts and messages. The leaves stay; the erasure is recorded.\n`,
    );
  } finally {
    await owner.close();
  }
  await sealAll(database, signer, workspace);
  return 0;
}
