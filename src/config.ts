import {
  createEnvironment,
  findSandboxProblems,
  isLoopback,
  readSlack,
  type Environment,
} from './config-readers.ts';
import { readAudit, readAuditWebhook } from './config-audit.ts';
import { readKeys } from './config-keys.ts';
import { readLogStreamToken, readTenant } from './config-tenant.ts';
import type { Config, Secrets } from './config-types.ts';
import { readMetricsToken, readTraceHeaders, readTraces } from './config-telemetry.ts';
import { DeskError } from './errors.ts';

/**
 * Reads and validates the environment, once.
 * @throws DeskError `config_invalid` listing every problem at a time, each with its fix
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): {
  config: Config;
  secrets: Secrets;
} {
  const from = createEnvironment(env);
  const secrets = readSecrets(from);
  const config = readPlain(from);
  from.problems.push(...(config.slack === null ? findSandboxProblems(config) : []));
  const hasKeys = secrets.encryptionKeys.length > 0 || from.text('AGENTDESK_KMS_COMMAND') !== null;
  if (isCredentialReal(config, secrets) && !hasKeys) {
    from.problems.push(
      "AGENTDESK_ENCRYPTION_KEY is required as soon as a credential is real; make one with: node -e \"console.log(require('crypto').randomBytes(32).toString('base64'))\"",
    );
  }
  if (from.problems.length > 0) throw new DeskError('config_invalid', { problem: from.problems.join('; ') });
  return { config, secrets };
}

function readPlain(from: Environment): Config {
  const google = from.url('GOOGLE_API_URL');
  const github = from.url('GITHUB_API_URL');
  const host = from.text('HOST') ?? '127.0.0.1';
  const port = from.integer('PORT', 0, 65_535);
  const baseUrl = from.url('OPENAI_BASE_URL');
  const hasModel = baseUrl !== null || from.text('OPENAI_API_KEY') !== null;
  const publicUrl = from.url('PUBLIC_URL') ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    slack: readSlack(from),
    providers: {
      google,
      github,
      githubSite: from.url('GITHUB_URL') ?? (github === null ? null : new URL(github).origin),
    },
    oauth: { googleClientId: from.text('GOOGLE_CLIENT_ID'), githubClientId: from.text('GITHUB_CLIENT_ID') },
    tenant: readTenant(from),
    model: hasModel ? { baseUrl, name: from.fallback('OPENAI_MODEL') } : null,
    dataDir: from.fallback('AGENTDESK_DATA_DIR'),
    embeddedDatabase: from.text('DATABASE_URL') === null,
    http: { host, port, publicUrl: publicUrl.replace(/\/+$/, '') },
    authorityUrl: from.url('AGENTDESK_AUTHORITY_URL'),
    consent: from.choice('AGENTDESK_CONSENT', ['whole', 'least']),
    approvalSeconds: from.integer('AGENTDESK_APPROVAL_SECONDS', 5, 86_400),
    concurrency: from.integer('AGENTDESK_CONCURRENCY', 1, 64),
    logLevel: from.fallback('LOG_LEVEL'),
    audit: readAudit(from),
    traces: readTraces(from),
  };
}

function readSecrets(from: Environment): Secrets {
  return {
    databaseUrl: from.text('DATABASE_URL'),
    databaseOwnerUrl: from.text('DATABASE_OWNER_URL'),
    encryptionKeys: readKeys(from),
    slackBotToken: from.text('SLACK_BOT_TOKEN'),
    slackAppToken: from.text('SLACK_APP_TOKEN'),
    slackSigningSecret: from.text('SLACK_SIGNING_SECRET'),
    slackClient: from.pair('SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET'),
    slackStateSecret: from.text('SLACK_STATE_SECRET'),
    auth0ClientSecret: from.text('AUTH0_CLIENT_SECRET'),
    auth0LogStreamToken: readLogStreamToken(from),
    googleClientSecret: from.pair('GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET')?.secret ?? null,
    githubClientSecret: from.pair('GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET')?.secret ?? null,
    openaiApiKey: from.text('OPENAI_API_KEY'),
    witnessUrl: from.url('AGENTDESK_WITNESS_URL'),
    auditWebhook: readAuditWebhook(from),
    metricsToken: readMetricsToken(from),
    traceHeaders: readTraceHeaders(from),
  };
}

/** Whether something that is stored here opens a door outside this machine. */
function isCredentialReal(config: Config, secrets: Secrets): boolean {
  // A tenant's refresh tokens are kept here.
  if (config.tenant !== null) return true;
  if (config.slack === null) return false;
  const real = (url: string | null): boolean => url === null || !isLoopback(url);
  return (
    real(config.slack.apiUrl) ||
    (secrets.googleClientSecret !== null && real(config.providers.google)) ||
    (secrets.githubClientSecret !== null && real(config.providers.github))
  );
}
