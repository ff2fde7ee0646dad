import { z } from 'zod';
import { callProvider } from './call.ts';
import { ProviderFailure } from './failure.ts';
import type { ProviderIdentity } from './provider.ts';

const User = z.object({ id: z.number().int().positive(), login: z.string().min(1).max(100) });
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** Headers GitHub's REST API asks for. */
export const GITHUB_HEADERS = {
  accept: 'application/vnd.github+json',
  'user-agent': 'agentdesk',
  'x-github-api-version': '2022-11-28',
} as const;

/**
 * Who the token belongs to: https://docs.github.com/en/rest/users. The e-mail list needs `user:email`; without
 * it the account simply has no verified address.
 * @throws ProviderFailure
 */
export async function identifyGithub(api: string, accessToken: string): Promise<ProviderIdentity> {
  const init = { headers: { ...GITHUB_HEADERS, authorization: `Bearer ${accessToken}` } };
  const user = User.safeParse((await callProvider(`${api}/user`, init)).body);
  if (!user.success) throw new ProviderFailure('broken', 'GitHub does not say whose account it is');
  const emails = Emails.safeParse((await callProvider(`${api}/user/emails`, init)).body);
  const primary = emails.success && emails.data.find((entry) => entry.primary && entry.verified);
  return {
    providerId: String(user.data.id),
    label: user.data.login,
    verifiedEmail: primary ? primary.email : null,
  };
}
