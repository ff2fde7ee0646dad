import { leave } from '../../calls/leave.ts';
import { loadLogSigner } from '../../audit/log/keys.ts';
import { listRevocations, revokeAccount } from '../../vault/accounts/revoke.ts';
import { removeLink } from '../../vault/accounts/unlink.ts';
import { runErase } from '../audit/erase.ts';
import { readOptions, UsageError } from '../audit/options.ts';
import { openSinks } from '../audit/sinks.ts';
import type { Desk } from '../desk.ts';
import type { Invocation } from '../invocation.ts';
import { withDesk } from './open.ts';

const USAGE = `Usage:
  agentdesk member leave --workspace W --member U…   ends what waits, disconnects and revokes their accounts
  agentdesk member erase --workspace W --member U…   the same, then erases what is kept of them
`;

/** `agentdesk member leave|erase`: for one who is gone, or whose session or account is in other hands. */
export async function runMember(invocation: Invocation): Promise<number> {
  const [name, ...args] = invocation.args;
  const { values, rest } = readOptions(args, ['workspace', 'member']);
  const { workspace, member } = values;
  if (workspace === undefined || member === undefined || rest.length > 0) throw new UsageError(USAGE);
  if (name !== 'leave' && name !== 'erase') throw new UsageError(USAGE);
  return withDesk(invocation, async (desk, ownerUrl) => {
    const all = await end(desk, workspace, member, name === 'erase');
    if (name === 'leave') return all ? 0 : 1;
    const { audit } = invocation.config;
    return runErase({
      database: desk.database,
      signer: await loadLogSigner(desk.database, desk.deps.keyring),
      ownerUrl,
      config: audit,
      sinks: openSinks(audit, invocation.secrets.auditWebhook).map((sink) => sink.name),
      args,
    });
  });
}

/**
 * Ends all there is of a member and says what came of it.
 * @param forGood gives up what a provider does not confirm now: it cannot be tried again after an erasure
 * @returns whether every account is revoked
 */
async function end(desk: Desk, workspaceId: string, memberId: string, forGood: boolean): Promise<boolean> {
  const { deps } = desk;
  await leave(deps, { workspaceId, memberId }, 'operator', 'operator');
  process.stdout.write(`Nothing of ${memberId} in ${workspaceId} runs any more; their approvals are void.\n`);
  let all = true;
  for (const { accountId, label, connection } of await listRevocations(deps.vault, workspaceId, memberId)) {
    const outcome = await revokeAccount(deps.vault, accountId, forGood);
    const words = {
      revoked: 'revoked at the provider',
      later:
        'disconnected; the provider does not answer, so it is revoked as soon as it does, while AgentDesk runs',
      not_revoked:
        'disconnected; the provider did not confirm it: remove AgentDesk in the settings of that account',
    };
    all &&= outcome === 'revoked';
    process.stdout.write(`  ${connection} ${label}: ${words[outcome]}\n`);
  }
  if (all || forGood) await removeLink(deps.vault, workspaceId, memberId, 'operator', forGood);
  return all;
}
