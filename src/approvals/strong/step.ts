import type { Transaction } from '../../db/client.ts';
import { and, eq, isNull, sql } from '../../db/drizzle.ts';
import { factors } from '../../db/schema/factors.ts';
import { DeskError } from '../../errors.ts';
import type { StrongDeps } from '../deps.ts';
import {
  computeChallenge,
  createChallenge,
  keepAnswer,
  spendChallenge,
  type About,
  type Challenge,
} from './challenges.ts';
import { findFactorProblem, type Factor, type Owner } from './factors.ts';
import { readRelyingParty, strongTierProblem, type RelyingParty } from './relying-party.ts';
import { Assertion, verifyAssertion, writeGetOptions } from './webauthn.ts';

/** What the page does next. */
export type Step =
  | {
      readonly do: 'create' | 'get';
      /** Sent back with the answer. */
      readonly challenge: string;
      /** For `navigator.credentials`, as JSON. */
      readonly options: unknown;
      /** What the button says, and what the page says beside it. */
      readonly label: string;
      readonly text: string;
    }
  | { readonly do: 'done'; readonly text: string };

/** What the page sends back. */
export interface Answer {
  readonly challenge: string;
  readonly credential: unknown;
}

/** An answer that was checked, to be recorded with what it decides. */
export interface Proof {
  readonly challenge: Challenge;
  readonly factor: Factor;
  readonly counter: number;
  readonly assertion: Assertion;
}

/** @param problem a sentence without its full stop */
export const refuse = (problem: string, cause?: unknown): DeskError =>
  new DeskError('strong_refused', { problem }, { cause: cause ?? new Error(problem) });

/** @throws DeskError `strong_unavailable` */
export function needRelyingParty(deps: Pick<StrongDeps, 'publicUrl'>): RelyingParty {
  const party = readRelyingParty(deps.publicUrl);
  if (party !== null) return party;
  throw new DeskError('strong_unavailable', { problem: strongTierProblem(deps.publicUrl) ?? '' });
}

/** Asks for the assertion of one of these passkeys over a digest. */
export async function askAssertion(
  deps: StrongDeps,
  asked: {
    readonly owner: Owner;
    readonly about: About;
    readonly digest: Buffer;
    readonly allowed: readonly Factor[];
  },
  words: { readonly label: string; readonly text: string },
): Promise<Step> {
  const { owner, about, digest, allowed } = asked;
  const party = needRelyingParty(deps);
  const challenge = await createChallenge(deps, owner, about, 'get', party, digest);
  const options = await writeGetOptions(party, challenge.challenge, allowed);
  return { do: 'get', challenge: challenge.id, options, ...words };
}

/**
 * Checks the answer to {@link askAssertion}; the challenge is spent, whatever comes of it.
 * @param asked.digest of what it confirms, as it is now
 * @throws DeskError `strong_refused`, `factor_waiting`
 */
export async function checkAssertion(
  deps: StrongDeps,
  asked: { readonly about: About; readonly digest: Buffer; readonly allowed: readonly Factor[] },
  answer: Answer,
): Promise<Proof> {
  const challenge = await spendChallenge(deps, asked.about, answer.challenge);
  if (challenge?.ceremony !== 'get')
    throw refuse('This was answered before, or it took too long; press the button again');
  const parsed = Assertion.safeParse(answer.credential);
  if (!parsed.success)
    throw refuse('The browser sent no usable answer; press the button again', parsed.error);
  const factor = asked.allowed.find((one) => one.credentialId === parsed.data.id);
  if (factor === undefined) throw refuse('That passkey is not one that may confirm this');
  if (!challenge.challenge.equals(computeChallenge(asked.digest, challenge.nonce)))
    throw refuse('It was changed meanwhile; open the newest card');
  let counter: number;
  try {
    counter = await verifyAssertion(challenge, factor, parsed.data);
  } catch (error) {
    throw refuse('The passkey’s answer did not hold; press the button again', error);
  }
  return { challenge, factor, counter, assertion: parsed.data };
}

/** @throws DeskError `factor_waiting` when the passkey that answered does not count yet */
export function needCounting({ factor }: Proof): void {
  const waiting = findFactorProblem([factor]);
  if (waiting !== null) throw waiting;
}

/**
 * Records a proof in the transaction of what it decides. The counter only ever rises, so of two copies of one
 * authenticator the second is noticed.
 * @throws DeskError `strong_refused` when the passkey was removed or used meanwhile
 */
export async function recordProof(tx: Transaction, proof: Proof): Promise<void> {
  const { challenge, factor, counter, assertion } = proof;
  const [row] = await tx
    .update(factors)
    .set({ counter })
    .where(
      and(
        eq(factors.id, factor.id),
        isNull(factors.removedAt),
        counter === 0 ? eq(factors.counter, 0) : sql`${factors.counter} < ${counter}`,
      ),
    )
    .returning({ id: factors.id });
  if (row === undefined) throw refuse('The passkey was removed or used meanwhile');
  await keepAnswer(tx, challenge, factor.id, assertion);
}
