import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { TEAM } from '../seed.ts';
import type { Json, User } from '../world.ts';
import type { Grant } from './codes.ts';

/** Signs the ID tokens of Sign in with Slack; a new RS256 key with every start. */
export interface Signing {
  keys(): Promise<Json>;
  /** @param issuer the stand-in's origin, as in its discovery document (the real one is https://slack.com) */
  idToken(issuer: string, grant: Grant, user: User, at: Date): Promise<string>;
}

const LIFETIME_SECONDS = 300;

/** The claims Sign in with Slack gives about a person (docs.slack.dev/authentication/sign-in-with-slack). */
export function claimsOf(user: User): Json {
  return {
    sub: user.id,
    'https://slack.com/user_id': user.id,
    'https://slack.com/team_id': TEAM.id,
    'https://slack.com/team_name': TEAM.name,
    'https://slack.com/team_domain': TEAM.domain,
    email: user.email,
    email_verified: true,
    name: user.realName,
    locale: 'en-US',
  };
}

/** Makes the key pair; it is ready when first used. */
export function createSigning(): Signing {
  const pair = generateKeyPair('RS256');
  const kid = 'sandbox';
  return {
    keys: async () => ({
      keys: [{ ...(await exportJWK((await pair).publicKey)), kid, alg: 'RS256', use: 'sig' }],
    }),
    idToken: async (issuer, grant, user, at) => {
      const seconds = Math.floor(at.getTime() / 1000);
      const claims = {
        ...claimsOf(user),
        auth_time: seconds,
        ...(grant.nonce === null ? {} : { nonce: grant.nonce }),
      };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
        .setIssuer(issuer)
        .setAudience(grant.clientId)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + LIFETIME_SECONDS)
        .sign((await pair).privateKey);
    },
  };
}
