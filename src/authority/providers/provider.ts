/** A connection as the vault names it; Auth0's names. */
export type Connection = 'google-oauth2' | 'github';

export const CONNECTIONS = ['google-oauth2', 'github'] as const satisfies readonly Connection[];

export interface ProviderTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** Seconds the access token has left; null when it does not run out. */
  readonly expiresIn: number | null;
  /** As the provider granted them; null when it did not say. */
  readonly scopes: readonly string[] | null;
}

export interface ProviderIdentity {
  /** The provider's own stable id of the account. */
  readonly providerId: string;
  /** What a person calls the account: e-mail address or login. */
  readonly label: string;
  /** An address the provider vouches for; null when there is none. */
  readonly verifiedEmail: string | null;
}

interface ConsentRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly scopes: readonly string[];
  /** Challenge of the verifier that only the vault knows (RFC 7636, S256). */
  readonly codeChallenge: string;
}

/** OAuth as one provider speaks it. Every method but `consentUrl` throws ProviderFailure. */
export interface Provider {
  /** Access tokens are kept and refresh tokens change with use (GitHub); otherwise refreshed each time. */
  readonly keepsAccessToken: boolean;
  /** The provider's page where the person agrees, complete. */
  consentUrl(request: ConsentRequest): string;
  redeem(
    code: string,
    redirectUri: string,
    verifier: string,
  ): Promise<{ tokens: ProviderTokens; identity: ProviderIdentity }>;
  /** @param scopes asks for fewer scopes than were granted, where the provider can do that */
  refresh(refreshToken: string, scopes: readonly string[]): Promise<ProviderTokens>;
  /** Ends the grant at the provider; one that is gone already counts as ended. */
  revoke(tokens: { accessToken: string | null; refreshToken: string | null }): Promise<void>;
}

/** A connection without an OAuth client is null. */
export type Providers = Readonly<Record<Connection, Provider | null>>;
