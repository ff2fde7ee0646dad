import { z } from 'zod';
import { DeskError } from './errors.ts';
import { variables, type VariableName } from './config-variables.ts';

/** Where Slack is: `null` in {@link Config} means the sandbox. */
export interface SlackConfig {
  readonly apiUrl: string;
  /** `socket` needs an app token, `http` a signing secret. */
  readonly transport: 'socket' | 'http';
  /** Sign in with Slack is possible: client id and secret are set. */
  readonly signIn: boolean;
  /** One workspace by its bot token, or many by OAuth install. */
  readonly install: 'token' | 'oauth';
}

export interface Config {
  readonly slack: SlackConfig | null;
  readonly auth0: { readonly domain: string; readonly clientId: string; readonly audience: string } | null;
  /** Base URLs that replace the providers' own; `null` = the real ones, or the sandbox beside a sandboxed Slack. */
  readonly providers: {
    readonly google: string | null;
    readonly github: string | null;
    readonly githubSite: string | null;
  };
  readonly oauth: { readonly googleClientId: string | null; readonly githubClientId: string | null };
  /** `null` = the offline planner. */
  readonly model: { readonly baseUrl: string | null; readonly name: string } | null;
  readonly dataDir: string;
  readonly embeddedDatabase: boolean;
  readonly http: { readonly host: string; readonly port: number; readonly publicUrl: string };
  /** An embedded authority elsewhere on this machine; `null` = in this process. */
  readonly authorityUrl: string | null;
  /** Seconds an approval stays open. */
  readonly approvalSeconds: number;
  /** Conversations worked on at once by one process. */
  readonly concurrency: number;
  readonly logLevel: string;
}

/** Everything that must never be logged, kept apart from {@link Config} so that config can be. */
export interface Secrets {
  readonly databaseUrl: string | null;
  readonly databaseOwnerUrl: string | null;
  /** The first key encrypts, the others still decrypt. Empty = the key file. */
  readonly encryptionKeys: readonly Buffer[];
  readonly slackBotToken: string | null;
  readonly slackAppToken: string | null;
  readonly slackSigningSecret: string | null;
  readonly slackClient: { readonly id: string; readonly secret: string } | null;
  readonly slackStateSecret: string | null;
  readonly auth0ClientSecret: string | null;
  readonly googleClientSecret: string | null;
  readonly githubClientSecret: string | null;
  readonly openaiApiKey: string | null;
}

const SLACK_API_URL = 'https://slack.com/api/';
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** True for a URL whose host is this machine's loopback. */
export function isLoopback(url: string): boolean {
  const host = new URL(url).hostname;
  return LOOPBACK.has(host) || /^127(\.\d{1,3}){3}$/.test(host) || host.endsWith('.localhost');
}

/**
 * Reads and validates the environment, once.
 * @throws DeskError `config_invalid` listing every problem at a time, each with its fix
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): {
  config: Config;
  secrets: Secrets;
} {
  const problems: string[] = [];
  const read = (name: VariableName): string | null => {
    const value = env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  };
  const readUrl = (name: VariableName): string | null => {
    const value = read(name);
    if (value === null) return null;
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
      problems.push(
        `${name} is not an http(s) URL; write it like ${variables[name].example ?? 'https://example.com'}`,
      );
      return null;
    }
    if (new URL(value).protocol === 'http:' && !isLoopback(value)) {
      problems.push(`${name} is not loopback, so it must be https`);
    }
    return value;
  };
  const readInteger = (name: VariableName, min: number, max: number): number => {
    const result = z.coerce
      .number()
      .int()
      .min(min)
      .max(max)
      .safeParse(read(name) ?? variables[name].fallback);
    if (!result.success) problems.push(`${name} must be a whole number from ${min} to ${max}`);
    return result.data ?? min;
  };
  const needPair = (a: VariableName, b: VariableName): void => {
    if ((read(a) === null) !== (read(b) === null))
      problems.push(`${a} and ${b} go together: set both or neither`);
  };

  const slackApiUrl = readUrl('SLACK_API_URL') ?? SLACK_API_URL;
  needPair('SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET');
  needPair('GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET');
  needPair('GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET');
  const slack = readSlack(read, slackApiUrl, problems);
  const auth0 = readAuth0(read, problems);
  const google = readUrl('GOOGLE_API_URL');
  const github = readUrl('GITHUB_API_URL');
  const githubSite = readUrl('GITHUB_URL') ?? (github === null ? null : new URL(github).origin);
  const host = read('HOST') ?? '127.0.0.1';
  const port = readInteger('PORT', 0, 65_535);
  const encryptionKeys = readKeys(read('AGENTDESK_ENCRYPTION_KEY'), problems);
  const baseUrl = readUrl('OPENAI_BASE_URL');
  const openaiApiKey = read('OPENAI_API_KEY');

  if (slack === null) {
    // The sandbox page has no login: whoever opens it is anyone. Nothing real may stand behind it.
    for (const [name, url] of [
      ['GOOGLE_API_URL', google],
      ['GITHUB_API_URL', github],
      ['GITHUB_URL', githubSite],
    ] as const) {
      if (url !== null && !isLoopback(url))
        problems.push(
          `${name} is a real service but Slack is the sandbox, whose page has no login; set SLACK_BOT_TOKEN, or unset ${name}`,
        );
    }
    if (auth0 !== null && !isLoopback(`https://${auth0.domain}/`))
      problems.push(
        'AUTH0_DOMAIN is a real tenant but Slack is the sandbox, whose page has no login; set SLACK_BOT_TOKEN, or unset AUTH0_DOMAIN',
      );
    if (!LOOPBACK.has(host) && !/^127\./.test(host))
      problems.push('HOST must be loopback while Slack is the sandbox, whose page has no login');
  }
  const credentialIsReal =
    (slack !== null && !isLoopback(slack.apiUrl)) ||
    auth0 !== null ||
    (slack !== null &&
      [google ?? 'https://www.googleapis.com', github ?? 'https://api.github.com'].some(
        (url) => !isLoopback(url),
      ) &&
      (read('GOOGLE_CLIENT_SECRET') ?? read('GITHUB_CLIENT_SECRET')) !== null);
  if (credentialIsReal && encryptionKeys.length === 0) {
    problems.push(
      "AGENTDESK_ENCRYPTION_KEY is required as soon as a credential is real; make one with: node -e \"console.log(require('crypto').randomBytes(32).toString('base64'))\"",
    );
  }
  const publicUrl = (
    readUrl('PUBLIC_URL') ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  ).replace(/\/+$/, '');

  if (problems.length > 0) throw new DeskError('config_invalid', { problem: problems.join('; ') });
  return {
    config: {
      slack,
      auth0,
      providers: { google, github, githubSite },
      oauth: { googleClientId: read('GOOGLE_CLIENT_ID'), githubClientId: read('GITHUB_CLIENT_ID') },
      model:
        openaiApiKey === null && baseUrl === null
          ? null
          : { baseUrl, name: read('OPENAI_MODEL') ?? fallback('OPENAI_MODEL') },
      dataDir: read('AGENTDESK_DATA_DIR') ?? fallback('AGENTDESK_DATA_DIR'),
      embeddedDatabase: read('DATABASE_URL') === null,
      http: { host, port, publicUrl },
      authorityUrl: readUrl('AGENTDESK_AUTHORITY_URL'),
      approvalSeconds: readInteger('AGENTDESK_APPROVAL_SECONDS', 5, 86_400),
      concurrency: readInteger('AGENTDESK_CONCURRENCY', 1, 64),
      logLevel: read('LOG_LEVEL') ?? fallback('LOG_LEVEL'),
    },
    secrets: {
      databaseUrl: read('DATABASE_URL'),
      databaseOwnerUrl: read('DATABASE_OWNER_URL'),
      encryptionKeys,
      slackBotToken: read('SLACK_BOT_TOKEN'),
      slackAppToken: read('SLACK_APP_TOKEN'),
      slackSigningSecret: read('SLACK_SIGNING_SECRET'),
      slackClient: pair(read('SLACK_CLIENT_ID'), read('SLACK_CLIENT_SECRET')),
      slackStateSecret: read('SLACK_STATE_SECRET'),
      auth0ClientSecret: read('AUTH0_CLIENT_SECRET'),
      googleClientSecret: read('GOOGLE_CLIENT_SECRET'),
      githubClientSecret: read('GITHUB_CLIENT_SECRET'),
      openaiApiKey,
    },
  };
}

const fallback = (name: VariableName): string => variables[name].fallback ?? '';

type Read = (name: VariableName) => string | null;

function pair(id: string | null, secret: string | null): { id: string; secret: string } | null {
  return id === null || secret === null ? null : { id, secret };
}

function readSlack(read: Read, apiUrl: string, problems: string[]): SlackConfig | null {
  const names = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_CLIENT_ID'] as const;
  if (names.every((name) => read(name) === null)) {
    if (read('SLACK_API_URL') !== null)
      problems.push(
        'SLACK_API_URL is set but no Slack credential is; set SLACK_BOT_TOKEN and SLACK_APP_TOKEN',
      );
    return null;
  }
  const bot = read('SLACK_BOT_TOKEN');
  const app = read('SLACK_APP_TOKEN');
  const signing = read('SLACK_SIGNING_SECRET');
  const signIn = read('SLACK_CLIENT_ID') !== null;
  if (bot !== null && !bot.startsWith('xoxb-'))
    problems.push('SLACK_BOT_TOKEN must be a bot token (xoxb-…), from OAuth & Permissions');
  if (app !== null && !app.startsWith('xapp-'))
    problems.push('SLACK_APP_TOKEN must be an app-level token (xapp-…) with connections:write');
  if (app === null && signing === null)
    problems.push('set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)');
  if (bot === null && (!signIn || read('SLACK_STATE_SECRET') === null))
    problems.push(
      'set SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_STATE_SECRET for OAuth installs',
    );
  return {
    apiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
    transport: app === null ? 'http' : 'socket',
    signIn,
    install: bot === null ? 'oauth' : 'token',
  };
}

function readAuth0(read: Read, problems: string[]): Config['auth0'] {
  const [domain, clientId, secret] = [
    read('AUTH0_DOMAIN'),
    read('AUTH0_CLIENT_ID'),
    read('AUTH0_CLIENT_SECRET'),
  ];
  if (domain === null && clientId === null && secret === null) return null;
  if (domain === null || clientId === null || secret === null) {
    problems.push('AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET go together: set all three or none');
    return null;
  }
  if (!/^[\w.-]+(:\d+)?$/.test(domain))
    problems.push('AUTH0_DOMAIN is a host name like acme.eu.auth0.com, without https://');
  return { domain, clientId, audience: read('AUTH0_AUDIENCE') ?? 'https://agentdesk/api' };
}

function readKeys(value: string | null, problems: string[]): Buffer[] {
  const keys = (value?.split(',') ?? []).map((text) =>
    /^[0-9a-f]{64}$/i.test(text.trim())
      ? Buffer.from(text.trim(), 'hex')
      : Buffer.from(text.trim(), 'base64'),
  );
  if (keys.some((key) => key.length !== 32)) {
    problems.push('AGENTDESK_ENCRYPTION_KEY must be 32 bytes in base64 (or 64 hex digits)');
  }
  return keys;
}
