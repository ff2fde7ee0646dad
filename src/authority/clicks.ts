import type { Provider } from 'oidc-provider';
import { z } from 'zod';
import { eq } from '../db/drizzle.ts';
import { clicks } from '../db/schema/authority.ts';
import { readApprovalDigest } from './approval-digest.ts';
import { checkSignature, SKEW_SECONDS } from './assertions.ts';
import type { Context } from './context.ts';
import { settleRequests } from './decisions.ts';
import { CLICK_TYP, DIGEST } from './names.ts';
import type { Reply } from './reply.ts';

/** A click may arrive late, when the door was down in between, but not later than this. */
const MAX_AGE = '24h';

const text = z.string().max(512);

const Claims = z.object({
  iat: z.number(),
  jti: text.min(1),
  auth_req_id: text.min(1),
  approval_digest: z.string().regex(DIGEST),
  team: text.min(1),
  user: text.min(1),
  sub: text.min(1),
  decision: z.enum(['approve', 'deny']),
  channel: text.nullish(),
  ts: text.nullish(),
});

/**
 * POST /clicks: the authentication device's answer (CIBA leaves its form open). The first decision on an
 * approval digest stands for good; the same decision told again is no error.
 */
export async function takeClick(context: Context, provider: Provider, body: unknown): Promise<Reply> {
  const given = z.object({ click: z.string().max(8192) }).safeParse(body);
  if (!given.success) return refuse('the body is not {"click": "<compact JWS>"}');
  const { click } = given.data;
  const checked = await checkSignature(click, context.trustedKeys.door, {
    typ: CLICK_TYP,
    issuer: 'agentdesk-door',
    audience: context.issuer,
    maxTokenAge: MAX_AGE,
    clockTolerance: SKEW_SECONDS,
    currentDate: context.now(),
  });
  if (!checked.ok) return refuse(checked.problem);
  const claims = Claims.safeParse(checked.claims);
  if (!claims.success)
    return refuse(`claim ${claims.error.issues[0]?.path.join('.') ?? ''} is missing or wrong`);
  const { auth_req_id: authReqId, approval_digest: digest, sub, decision, iat } = claims.data;

  const request = await provider.BackchannelAuthenticationRequest.find(authReqId, { ignoreExpiration: true });
  if (request === undefined) return refuse('there is no such request');
  if (request.accountId !== sub) return refuse('the request is for another subject');
  if (readApprovalDigest(request.params) !== digest) return refuse('the request asks for another approval');
  if (iat > (request.exp ?? 0)) return refuse('the request had expired before the click');

  const standing = await storeDecision(context, { approvalDigest: digest, authReqId, decision, click });
  if (standing !== decision) return { status: 409, body: { error: 'already_decided', decision: standing } };
  await settleRequests(context, provider, digest);
  return { status: 204 };
}

/** @returns the decision that stands */
async function storeDecision(
  { database, now }: Context,
  row: Omit<typeof clicks.$inferInsert, 'decidedAt'>,
): Promise<string | undefined> {
  await database.db
    .insert(clicks)
    .values({ ...row, decidedAt: now() })
    .onConflictDoNothing();
  const [standing] = await database.db
    .select({ decision: clicks.decision })
    .from(clicks)
    .where(eq(clicks.approvalDigest, row.approvalDigest));
  return standing?.decision;
}

function refuse(problem: string): Reply {
  return { status: 400, body: { error: 'invalid_click', error_description: problem } };
}
