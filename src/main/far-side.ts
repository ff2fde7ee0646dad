import type { Config, Secrets, SlackConfig } from '../config-types.ts';
import type { ProviderConfig } from '../authority/authority.ts';
import { isLoopback } from '../config-readers.ts';
import type { Sandbox } from './sandbox.ts';

export interface SlackAccess {
  readonly config: SlackConfig;
  readonly botToken: string | null;
  readonly appToken: string | null;
  readonly signingSecret: string | null;
  readonly client: { readonly id: string; readonly secret: string } | null;
  readonly stateSecret: string | null;
}

/** The providers, as they will be reached: real, replaced by an override, or the sandbox's stand-ins. */
export interface ProviderSide {
  readonly providers: ProviderConfig;
  /** Where a provider's API host really is. */
  resolveHost(host: string): string;
}

/** A stand-in on loopback needs an OAuth client too, but no secret worth configuring. */
const LOOPBACK_CLIENT = { id: 'agentdesk', secret: 'agentdesk' };

export function locateProviders(config: Config, secrets: Secrets, sandbox: Sandbox | null): ProviderSide {
  const google = config.providers.google ?? sandbox?.google.origin ?? null;
  const github = config.providers.github ?? sandbox?.github.origin ?? null;
  const githubSite = config.providers.githubSite ?? sandbox?.github.origin ?? null;
  const clientOf = (
    id: string | null,
    secret: string | null,
    url: string | null,
    standIn: { clientId: string; clientSecret: string } | null,
  ): { id: string; secret: string } | null => {
    if (id !== null && secret !== null) return { id, secret };
    if (standIn !== null) return { id: standIn.clientId, secret: standIn.clientSecret };
    return url !== null && isLoopback(url) ? LOOPBACK_CLIENT : null;
  };
  const googleClient = clientOf(
    config.oauth.googleClientId,
    secrets.googleClientSecret,
    google,
    config.providers.google === null ? (sandbox?.google.credentials ?? null) : null,
  );
  const githubClient = clientOf(
    config.oauth.githubClientId,
    secrets.githubClientSecret,
    github,
    config.providers.github === null ? (sandbox?.github.credentials ?? null) : null,
  );
  return {
    providers: {
      google: googleClient && {
        apiUrl: google,
        clientId: googleClient.id,
        clientSecret: googleClient.secret,
      },
      github: githubClient && {
        apiUrl: github,
        siteUrl: githubSite,
        clientId: githubClient.id,
        clientSecret: githubClient.secret,
      },
    },
    resolveHost(host) {
      const site = githubSite ?? (github === null ? null : new URL(github).origin);
      const base = host === 'github.com' ? site : host === 'api.github.com' ? github : google;
      return base === null ? `https://${host}` : base.replace(/\/+$/, '');
    },
  };
}

/** The tenant with its secret, or null for the embedded vault. */
export function locateTenant(config: Config, secrets: Secrets) {
  if (config.tenant === null || secrets.auth0ClientSecret === null) return null;
  const { domain, issuer, clientId } = config.tenant;
  return { domain, issuer, clientId, clientSecret: secrets.auth0ClientSecret };
}

export function locateSlack(config: Config, secrets: Secrets, sandbox: Sandbox | null): SlackAccess {
  if (config.slack !== null) {
    return {
      config: config.slack,
      botToken: secrets.slackBotToken,
      appToken: secrets.slackAppToken,
      signingSecret: secrets.slackSigningSecret,
      client: secrets.slackClient,
      stateSecret: secrets.slackStateSecret,
    };
  }
  if (sandbox === null) throw new Error('without a Slack there is a sandbox');
  const { credentials, origin } = sandbox.slack;
  return {
    config: { apiUrl: `${origin}/api/`, transport: 'socket', signIn: true, install: 'token' },
    botToken: credentials.botToken,
    appToken: credentials.appToken,
    signingSecret: credentials.signingSecret,
    client: { id: credentials.clientId, secret: credentials.clientSecret },
    stateSecret: null,
  };
}
