import { importJWK, jwtVerify, type JWTPayload } from 'jose';
import type { Signer } from '../db/signing-keys.ts';
import type { Approval } from './deps.ts';

const TYP = 'agentdesk-click+jwt';
const ISSUER = 'agentdesk-door';

export interface Click {
  readonly memberId: string;
  readonly decision: 'approve' | 'deny';
  /** Where in Slack it was made. */
  readonly channel: string;
  readonly ts: string;
}

/** What a person clicked, signed with the Slack door's key, for the authority and for the claim. */
export function signClick(door: Signer, approval: Approval, click: Click): Promise<string> {
  return door.sign(TYP, {
    iss: ISSUER,
    aud: approval.issuer,
    iat: Math.floor(Date.now() / 1000),
    jti: crypto.randomUUID(),
    sub: approval.subject,
    auth_req_id: approval.authReqId,
    approval_digest: approval.digest.toString('base64url'),
    team: approval.workspaceId,
    user: click.memberId,
    decision: click.decision,
    channel: click.channel,
    ts: click.ts,
  });
}

/**
 * Whether the stored click is this approval's: who can write to the database can set every column of an approval, and
 * still cannot make a click, because the door's key is sealed.
 * @returns what does not fit, or null
 */
export async function findClickProblem(door: Signer, approval: Approval): Promise<string | null> {
  if (approval.click === null) return 'there is no signed click';
  const { kty = '', crv = '', x = '', y = '' } = door.privateJwk;
  let claims: JWTPayload;
  try {
    const verified = await jwtVerify(approval.click, await importJWK({ kty, crv, x, y }, 'ES256'), {
      typ: TYP,
      issuer: ISSUER,
      audience: approval.issuer,
    });
    claims = verified.payload;
  } catch (error) {
    return `the click is not valid: ${error instanceof Error ? error.message : 'unknown'}`;
  }
  if (claims['approval_digest'] !== approval.digest.toString('base64url'))
    return 'the click is for another approval';
  if (claims['decision'] !== (approval.status === 'approved' ? 'approve' : 'deny'))
    return 'the click is another decision';
  const isApprover =
    claims['team'] === approval.workspaceId &&
    claims['user'] === approval.memberId &&
    claims.sub === approval.subject;
  return isApprover ? null : 'the click is someone else’s';
}
