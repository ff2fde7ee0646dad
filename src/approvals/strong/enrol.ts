import { createHash, randomUUID } from 'node:crypto';
import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { eq, sql } from '../../db/drizzle.ts';
import { factorRequests, factors } from '../../db/schema/factors.ts';
import { DeskError } from '../../errors.ts';
import type { StrongDeps } from '../deps.ts';
import { createChallenge, spendChallenge } from './challenges.ts';
import { sealFactor } from './factor-seal.ts';
import {
  findFactorProblem,
  listFactors,
  shortId,
  UNVOUCHED_HOURS,
  writeUtc,
  type Factor,
} from './factors.ts';
import { findIdentity } from './tenant/link-factor.ts';
import { digestChange, useUp, type FactorRequest } from './requests.ts';
import {
  askAssertion,
  checkAssertion,
  needCounting,
  needRelyingParty,
  recordProof,
  refuse,
  type Answer,
  type Step,
} from './step.ts';
import { Candidate, Creation, verifyCreation, writeCreateOptions } from './webauthn.ts';

/** A first passkey counts after this many hours: time for the member and the admins to see the announcement. */
const HOURS = 24;
/**
 * How a passkey comes in: the first second device of a member; a first passkey beside an identity at the tenant that
 * counts; or with the word of a passkey that counts.
 */
type Way = 'first' | 'beside' | 'further';
const WAIT_HOURS: Readonly<Record<Way, number>> = { first: HOURS, beside: UNVOUCHED_HOURS, further: 0 };

/** Asks the browser for a new passkey. */
export async function beginEnrolment(deps: StrongDeps, request: FactorRequest, name: string): Promise<Step> {
  const present = await needRoom(deps, deps.database.db, request);
  // Begun anew: what came of an earlier try is forgotten.
  await deps.database.db
    .update(factorRequests)
    .set({ candidate: null })
    .where(eq(factorRequests.id, request.id));
  const party = needRelyingParty(deps);
  const about = { factorRequestId: request.id };
  const digest = digestChange(request, null, null);
  const challenge = await createChallenge(deps, request, about, 'create', party, digest);
  // The same for all passkeys of a member, and tells nothing of them (WebAuthn §14.6.1).
  const handle = createHash('sha256').update(`${request.workspaceId}/${request.memberId}`).digest();
  return {
    do: 'create',
    challenge: challenge.id,
    options: await writeCreateOptions(party, challenge.challenge, { handle, name }, present),
    label: 'Make a passkey',
    text: 'Your browser asks where to keep it.',
  };
}

/**
 * The new passkey, or, when the member has one already, that one's word for it.
 * @throws DeskError `strong_refused`, `factor_waiting`
 */
export async function continueEnrolment(
  deps: StrongDeps,
  request: FactorRequest,
  answer: Answer,
): Promise<Step> {
  return request.candidate === null
    ? takeNew(deps, request, answer)
    : takeWord(deps, request, Candidate.parse(request.candidate), answer);
}

async function takeNew(deps: StrongDeps, request: FactorRequest, answer: Answer): Promise<Step> {
  const about = { factorRequestId: request.id };
  const challenge = await spendChallenge(deps, about, answer.challenge);
  if (challenge?.ceremony !== 'create')
    throw refuse('This was answered before, or it took too long; press the button again');
  const parsed = Creation.safeParse(answer.credential);
  if (!parsed.success)
    throw refuse('The browser sent no usable passkey; press the button again', parsed.error);
  let candidate: Candidate;
  try {
    candidate = await verifyCreation(challenge, parsed.data);
  } catch (error) {
    throw refuse('The new passkey did not hold; press the button again', error);
  }
  const { present, way } = await deps.database.transaction(async (tx) => {
    const { workspaceId, memberId } = request;
    // Of two first passkeys at once, one has to see the other.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`passkeys/${workspaceId}/${memberId}`}))`);
    const there = await needRoom(deps, tx, request);
    const comes = there.length > 0 ? 'further' : (await isBeside(tx, deps, request)) ? 'beside' : 'first';
    if (comes === 'further')
      await tx.update(factorRequests).set({ candidate }).where(eq(factorRequests.id, request.id));
    else await store(tx, deps, request, candidate, comes);
    return { present: there, way: comes };
  });
  if (way !== 'further') {
    const when =
      way === 'first' ? `in ${HOURS} hours, or at once when an admin vouches` : 'when an admin vouches';
    const text = `Your passkey is made. It counts ${when} for it. You can close this window.`;
    return { do: 'done', text };
  }
  const asked = {
    owner: request,
    about,
    digest: digestChange(request, null, candidate),
    allowed: present.filter((factor) => factor.counts),
  };
  return askAssertion(deps, asked, {
    label: 'Confirm with the passkey you had',
    text: 'The new passkey is ready. Now the one you had before has to agree.',
  });
}

async function takeWord(
  deps: StrongDeps,
  request: FactorRequest,
  candidate: Candidate,
  answer: Answer,
): Promise<Step> {
  const allowed = await listFactors(deps, deps.database.db, request);
  const about = { factorRequestId: request.id };
  const digest = digestChange(request, null, candidate);
  const proof = await checkAssertion(deps, { about, digest, allowed }, answer);
  needCounting(proof);
  await deps.database.transaction(async (tx) => {
    await recordProof(tx, proof);
    await store(tx, deps, request, candidate, 'further');
  });
  return { do: 'done', text: 'Your passkey is made and counts from now on. You can close this window.' };
}

/** The member's present passkeys, when a new one may be made: none is there, or one of them counts. */
async function needRoom(
  deps: StrongDeps,
  db: Pick<Transaction, 'select'>,
  request: FactorRequest,
): Promise<Factor[]> {
  const present = await listFactors(deps, db, request);
  const waiting = present.length === 0 ? null : findFactorProblem(present);
  if (waiting !== null) throw waiting;
  return present;
}

/**
 * Whether the tenant's device of the member counts already: then time alone makes no other second device count, since a
 * Slack session could let it pass.
 */
async function isBeside(tx: Transaction, deps: StrongDeps, request: FactorRequest): Promise<boolean> {
  const { device } = deps;
  const identity = device === null ? null : await findIdentity(tx, deps, request, device.ciba.issuer);
  return identity?.factor?.counts === true;
}

async function store(
  tx: Transaction,
  deps: StrongDeps,
  request: FactorRequest,
  candidate: Candidate,
  way: Way,
): Promise<void> {
  await useUp(tx, request);
  const hours = WAIT_HOURS[way];
  const [clock] = await tx.execute<{ at: string }>(
    sql`select to_char((date_trunc('milliseconds', clock_timestamp()) + make_interval(hours => ${hours})) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
  );
  const { workspaceId, memberId } = request;
  const factor = {
    id: randomUUID(),
    workspaceId,
    memberId,
    kind: 'passkey' as const,
    credentialId: candidate.credentialId,
    publicKey: Buffer.from(candidate.publicKey, 'base64url'),
    countsFrom: new Date(clock?.at ?? Number.NaN),
  };
  const [row] = await tx
    .insert(factors)
    .values({
      ...factor,
      counter: candidate.counter,
      transports: candidate.transports,
      seal: sealFactor(deps, factor),
    })
    .onConflictDoNothing()
    .returning();
  if (row === undefined) throw new DeskError('strong_refused', { problem: 'That passkey is known already' });
  await append(tx, {
    workspaceId,
    type: 'factor.enrolled',
    actor: `member:${memberId}`,
    memberId,
    target: row.id,
    outcome: way,
    detail: { counts_from: row.countsFrom, transports: row.transports },
  });
  const id = shortId(row);
  const when = describeWhen(way, row.countsFrom);
  await deps.announce(tx, {
    workspaceId,
    memberId,
    text: `A passkey was made for you (${id}). ${when} If that was not you, tell an admin now: /agentdesk passkey remove ${id} takes it away.`,
    adminText: `<@${memberId}> made a passkey (${id}). ${when} If they say it was them, /agentdesk passkey vouch ${id}; if not, /agentdesk passkey remove ${id}.`,
  });
}

function describeWhen(way: Way, countsFrom: Date): string {
  if (way === 'further') return 'It counts now.';
  return way === 'first'
    ? `It counts from ${writeUtc(countsFrom)} on.`
    : 'It counts once an admin vouches for it.';
}
