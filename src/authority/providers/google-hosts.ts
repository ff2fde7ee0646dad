/** Google's endpoints, from https://accounts.google.com/.well-known/openid-configuration and the Gmail API. */
export interface GoogleHosts {
  readonly consent: string;
  readonly token: string;
  readonly revoke: string;
  /** Tried in this order; both are in use. */
  readonly userinfo: readonly string[];
  readonly mailProfile: string;
  /** Accepted `iss` of ID tokens; null when the hosts are replaced and may call themselves anything. */
  readonly issuers: readonly string[] | null;
}

/** @param apiUrl replaces every host of Google's; null = the real ones */
export function locateGoogle(apiUrl: string | null): GoogleHosts {
  const at = (real: string): string => (apiUrl === null ? real : apiUrl.replace(/\/+$/, ''));
  return {
    consent: `${at('https://accounts.google.com')}/o/oauth2/v2/auth`,
    token: `${at('https://oauth2.googleapis.com')}/token`,
    revoke: `${at('https://oauth2.googleapis.com')}/revoke`,
    userinfo: [
      `${at('https://www.googleapis.com')}/oauth2/v3/userinfo`,
      `${at('https://openidconnect.googleapis.com')}/v1/userinfo`,
    ],
    mailProfile: `${at('https://gmail.googleapis.com')}/gmail/v1/users/me/profile`,
    issuers: apiUrl === null ? ['https://accounts.google.com', 'accounts.google.com'] : null,
  };
}
