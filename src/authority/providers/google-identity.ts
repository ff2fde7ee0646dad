import { decodeJwt, type JWTPayload } from 'jose';
import { z } from 'zod';
import { callProvider } from './call.ts';
import { ProviderFailure } from './failure.ts';
import type { GoogleHosts } from './google-hosts.ts';
import type { ProviderIdentity } from './provider.ts';

const Person = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().min(3).max(320),
  email_verified: z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
});

const MailProfile = z.object({ emailAddress: z.string().min(3).max(320) });

/**
 * Who the tokens belong to. The ID token came straight from the token endpoint, so its signature need not be
 * checked (OpenID Connect Core 3.1.3.7, no. 6), its issuer and audience must be. Without one, userinfo; without
 * that, Gmail's profile, whose address is the mailbox itself.
 * @throws ProviderFailure `broken` when nothing tells who it is
 */
export async function identifyGoogle(
  hosts: GoogleHosts,
  clientId: string,
  tokens: { readonly accessToken: string; readonly idToken: string | null },
): Promise<ProviderIdentity> {
  const person = (tokens.idToken && readIdToken(hosts, clientId, tokens.idToken)) ?? null;
  if (person) return person;
  for (const url of hosts.userinfo) {
    const found = describe(await read(url, tokens.accessToken));
    if (found) return found;
  }
  const mailbox = MailProfile.safeParse(await read(hosts.mailProfile, tokens.accessToken));
  if (!mailbox.success) throw new ProviderFailure('broken', 'Google does not say whose account it is');
  const { emailAddress } = mailbox.data;
  return { providerId: emailAddress, label: emailAddress, verifiedEmail: emailAddress };
}

function readIdToken(hosts: GoogleHosts, clientId: string, idToken: string): ProviderIdentity | null {
  let claims: JWTPayload;
  try {
    claims = decodeJwt(idToken);
  } catch (cause) {
    throw new ProviderFailure('broken', 'the ID token cannot be read', { cause });
  }
  if (
    ![claims.aud].flat().includes(clientId) ||
    (hosts.issuers && !hosts.issuers.includes(claims.iss ?? ''))
  ) {
    throw new ProviderFailure('broken', 'the ID token was issued by or for someone else');
  }
  return describe(claims);
}

function describe(claims: unknown): ProviderIdentity | null {
  const parsed = Person.safeParse(claims);
  if (!parsed.success) return null;
  const { sub, email, email_verified: verified } = parsed.data;
  return { providerId: sub, label: email, verifiedEmail: String(verified) === 'true' ? email : null };
}

async function read(url: string, accessToken: string): Promise<unknown> {
  const answer = await callProvider(url, { headers: { authorization: `Bearer ${accessToken}` } });
  return answer.status === 200 ? answer.body : null;
}
