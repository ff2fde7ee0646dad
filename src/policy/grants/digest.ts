import { digestOf } from '../../db/canonical.ts';
import type { GrantTerms } from './types.ts';

/** What the audit and the card call the making of a grant; never a tool of the agent. */
export const GRANT_ACTION = 'grant.create';

/** sha256 over everything a grant says; its id holds the random bits that keep codes apart. */
export function digestGrant(grant: Omit<GrantTerms, 'code'>): Buffer {
  return digestOf({
    v: 'agentdesk/grant/1',
    id: grant.id,
    workspace: grant.workspaceId,
    member: grant.memberId,
    agent: grant.agent,
    action: grant.action,
    declaration_hash: grant.declarationHash.toString('hex'),
    issuer: grant.issuer,
    subject: grant.subject,
    account: grant.accountId,
    template: grant.template,
    sentence: grant.sentence,
    // As the database gives it back: without what is undefined.
    question: JSON.parse(JSON.stringify(grant.question)) as unknown,
    tier: grant.tier,
    policy_version: grant.policyVersion,
    call: grant.callId,
    max_uses: grant.maxUses,
    expires_at: grant.expiresAt.toISOString(),
  });
}
