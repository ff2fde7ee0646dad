import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Args } from '../args.ts';
import type { Caller } from '../methods/method.ts';
import { Refusal } from '../refusal.ts';
import type { Credentials } from '../world.ts';

/** What an authorization code stands for. */
export interface Grant {
  readonly kind: 'sign-in' | 'install';
  readonly userId: string;
  readonly teamId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly nonce: string | null;
  readonly challenge: string | null;
}

export interface Codes {
  issue(grant: Grant): string;
  /**
   * Redeems a code, once, checking client, redirect URI and PKCE verifier.
   * @throws Refusal `bad_client_secret`, `invalid_code`, `bad_redirect_uri`, `invalid_code_verifier` …
   */
  redeem(kind: Grant['kind'], args: Args, caller: Caller): Grant;
}

const LIFETIME_MS = 10 * 60_000;

function equal(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Authorization codes: ten minutes, one use. */
export function createCodes(credentials: Credentials, now: () => Date): Codes {
  const issued = new Map<string, { grant: Grant; at: number }>();
  return {
    issue: (grant) => {
      const code = randomBytes(24).toString('base64url');
      issued.set(code, { grant, at: now().getTime() });
      return code;
    },
    redeem: (kind, args, caller) => {
      const id = caller.basic?.id ?? args.text('client_id') ?? '';
      const secret = caller.basic?.secret ?? args.text('client_secret') ?? '';
      if (id !== credentials.clientId) throw new Refusal('invalid_client_id');
      if (!equal(secret, credentials.clientSecret)) throw new Refusal('bad_client_secret');
      const code = args.text('code') ?? '';
      const found = issued.get(code);
      issued.delete(code);
      if (found === undefined || found.grant.kind !== kind || now().getTime() - found.at > LIFETIME_MS) {
        throw new Refusal('invalid_code');
      }
      if (args.text('redirect_uri') !== found.grant.redirectUri) throw new Refusal('bad_redirect_uri');
      const { challenge } = found.grant;
      const verifier = args.text('code_verifier') ?? '';
      if (challenge !== null && createHash('sha256').update(verifier).digest('base64url') !== challenge) {
        throw new Refusal('invalid_code_verifier');
      }
      return found.grant;
    },
  };
}
