import { z } from 'zod';
import type { Factor } from './factors.ts';
import type { RelyingParty } from './relying-party.ts';

/** Milliseconds a person may take; browsers use it as a hint. */
const TIMEOUT_MS = 300_000;

const base64url = z
  .string()
  .regex(/^[\w-]+$/)
  .max(16_384);

/** What a browser's `credential.toJSON()` gives of an assertion (WebAuthn §5.1.7); the rest of it is left out. */
export const Assertion = z.object({
  id: base64url.max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
  }),
});
export type Assertion = z.infer<typeof Assertion>;

/** The same of a new credential. */
export const Creation = z.object({
  id: base64url.max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .default([]),
  }),
});
export type Creation = z.infer<typeof Creation>;

/** A new key that was verified and belongs to nobody yet. */
export const Candidate = z.object({
  credentialId: base64url,
  /** base64url of the COSE key. */
  publicKey: base64url,
  counter: z.number(),
  transports: z.array(z.string()),
});
export type Candidate = z.infer<typeof Candidate>;

/** What was asked: kept with the challenge. */
export interface Asked {
  readonly challenge: Buffer;
  readonly rpId: string;
  readonly origin: string;
}

/** EdDSA, ES256, RS256 (IANA COSE Algorithms): what every authenticator has one of. */
const ALGORITHMS = [-8, -7, -257];

// Loaded on first use: it costs a third of a second at start.
const load = () => import('@simplewebauthn/server');

/** Options for `navigator.credentials.get()`: one of these passkeys, with user verification. */
export async function writeGetOptions(
  party: RelyingParty,
  challenge: Buffer,
  allowed: readonly Factor[],
): Promise<unknown> {
  const { generateAuthenticationOptions } = await load();
  return generateAuthenticationOptions({
    rpID: party.id,
    challenge: new Uint8Array(challenge),
    userVerification: 'required',
    timeout: TIMEOUT_MS,
    allowCredentials: allowed.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
  });
}

/** Options for `navigator.credentials.create()`. */
export async function writeCreateOptions(
  party: RelyingParty,
  challenge: Buffer,
  user: { readonly handle: Buffer; readonly name: string },
  present: readonly Factor[],
): Promise<unknown> {
  const { generateRegistrationOptions } = await load();
  return generateRegistrationOptions({
    rpName: 'AgentDesk',
    rpID: party.id,
    challenge: new Uint8Array(challenge),
    userID: new Uint8Array(user.handle),
    userName: user.name,
    userDisplayName: user.name,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    timeout: TIMEOUT_MS,
    authenticatorSelection: { userVerification: 'required', residentKey: 'discouraged' },
    excludeCredentials: present.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
  });
}

/**
 * Checks an assertion: type, challenge, origin, relying party, user verification, counter and signature (WebAuthn §7.2).
 * @param factor its `counter` must be below the one in the answer, where the authenticator has one
 * @returns the new counter
 * @throws Error saying what is wrong
 */
export async function verifyAssertion(
  asked: Asked,
  factor: Pick<Factor, 'credentialId' | 'publicKey' | 'counter'>,
  answer: Assertion,
): Promise<number> {
  const { verifyAuthenticationResponse } = await load();
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { ...answer, clientExtensionResults: {} },
    expectedChallenge: asked.challenge.toString('base64url'),
    expectedOrigin: asked.origin,
    expectedRPID: asked.rpId,
    requireUserVerification: true,
    credential: {
      id: factor.credentialId,
      publicKey: new Uint8Array(factor.publicKey),
      counter: factor.counter,
    },
  });
  if (!verified || answer.id !== factor.credentialId) throw new Error('the signature is not of this passkey');
  return authenticationInfo.newCounter;
}

/**
 * Checks a new credential (WebAuthn §7.1).
 * @throws Error saying what is wrong
 */
export async function verifyCreation(asked: Asked, answer: Creation): Promise<Candidate> {
  const { verifyRegistrationResponse } = await load();
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    supportedAlgorithmIDs: ALGORITHMS,
    response: { ...answer, clientExtensionResults: {} },
    expectedChallenge: asked.challenge.toString('base64url'),
    expectedOrigin: asked.origin,
    expectedRPID: asked.rpId,
    requireUserVerification: true,
  });
  if (!verified) throw new Error('the attestation is not valid');
  const { credential } = registrationInfo;
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: answer.response.transports,
  };
}
