import { randomBytes, randomUUID } from 'node:crypto';
import { calls } from '../../src/db/schema/calls.ts';
import { ISSUER } from '../../src/main/authority.ts';
import type { PolicyCall } from '../../src/policy/types.ts';
import { TEAM, type SlackDesk } from './desk.ts';

/** Mails that were asked for some time ago, one to each domain, as the ledger holds them. */
export async function storePast(
  { deps }: SlackDesk,
  memberId: string,
  domains: readonly string[],
): Promise<void> {
  for (const domain of domains) {
    const id = randomUUID();
    const call: PolicyCall = {
      agent: 'default',
      member: { workspaceId: TEAM, id: memberId, role: 'member', groups: [] },
      action: 'gmail.messages.send',
      account: { connection: 'google-oauth2', label: 'a', domain: null },
      facts: { recipients: [`x@${domain}`] },
      context: { ownDomains: ['acme.test'], firstTimeRecipients: false, hour: 12, weekday: 'wed', surface: 'dm', provenance: ['member'] },
    }; // prettier-ignore
    await deps.calls.database.db.insert(calls).values({
      id,
      workspaceId: TEAM,
      memberId,
      turnId: `past-${id}`,
      toolCallId: id,
      revision: 1,
      agent: 'default',
      issuer: ISSUER,
      subject: `slack|${TEAM}|${memberId}`,
      connection: 'google-oauth2',
      accountId: randomUUID(),
      accountLabel: 'a',
      action: 'gmail.messages.send',
      declarationHash: randomBytes(32),
      rawDigest: randomBytes(32),
      args: Buffer.from('{}'),
      rawArgs: Buffer.from('{}'),
      sameness: randomBytes(32),
      nonce: randomBytes(16),
      digest: randomBytes(32),
      code: randomBytes(4).toString('hex').toUpperCase(),
      policyCall: call,
      outcome: 'approve',
      rules: [],
      policyVersion: 'v1',
      status: 'refused',
    });
  }
}
