import * as client from 'openid-client';

const TIMEOUT_SECONDS = 10;
const CLOCK_TOLERANCE_SECONDS = 30;

export interface TenantClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * The tenant as its discovery document describes it: read at first use and kept, but for a reading that failed.
 * Signatures of ID tokens are checked although they come from the token endpoint itself (OpenID Connect Core
 * §3.1.3.7 would let TLS do instead): it costs nothing, and a link is for long.
 */
export function createTenantOidc(tenant: TenantClient): () => Promise<client.Configuration> {
  let known: Promise<client.Configuration> | null = null;
  const discover = async (): Promise<client.Configuration> => {
    const configuration = await client.discovery(
      new URL(tenant.issuer),
      tenant.clientId,
      { [client.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
      client.ClientSecretPost(tenant.clientSecret),
      { execute: [client.enableNonRepudiationChecks], timeout: TIMEOUT_SECONDS },
    );
    if (configuration.serverMetadata().issuer !== tenant.issuer) throw new Error('another issuer answered');
    return configuration;
  };
  return async () => {
    known ??= discover();
    try {
      return await known;
    } catch (error) {
      known = null;
      throw error;
    }
  };
}
