import { z } from 'zod';
import type { Config, SlackConfig } from './config-types.ts';
import { variables, type VariableName } from './config-variables.ts';

const SLACK_API_URL = 'https://slack.com/api/';
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** True for a URL whose host is this machine's loopback. */
export function isLoopback(url: string): boolean {
  const host = new URL(url).hostname;
  return LOOPBACK.has(host) || /^127(\.\d{1,3}){3}$/.test(host) || host.endsWith('.localhost');
}

/** The environment, read value by value; what is wrong is collected instead of thrown. */
export interface Environment {
  readonly problems: string[];
  /** Trimmed; null when unset or empty. */
  text(name: VariableName): string | null;
  /** The value, or the variable's documented default. */
  fallback(name: VariableName): string;
  url(name: VariableName): string | null;
  integer(name: VariableName, min: number, max: number): number;
  /** One of a few words; the first when it is none of them, with a problem noted. */
  choice<Value extends string>(name: VariableName, values: readonly [Value, ...Value[]]): Value;
  /** Two variables that only mean something together. */
  pair(id: VariableName, secret: VariableName): { id: string; secret: string } | null;
}

export function createEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const problems: string[] = [];
  const text = (name: VariableName): string | null => {
    const value = env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  };
  const fallback = (name: VariableName): string => text(name) ?? variables[name].fallback ?? '';
  return {
    problems,
    text,
    fallback,
    url(name) {
      const value = text(name);
      if (value === null) return null;
      if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
        const example = variables[name].example ?? 'https://example.com';
        problems.push(`${name} is not an http(s) URL; write it like ${example}`);
        return null;
      }
      if (new URL(value).protocol === 'http:' && !isLoopback(value)) {
        problems.push(`${name} is not loopback, so it must be https`);
      }
      return value;
    },
    integer(name, min, max) {
      const result = z.coerce.number().int().min(min).max(max).safeParse(fallback(name));
      if (!result.success) problems.push(`${name} must be a whole number from ${min} to ${max}`);
      return result.data ?? min;
    },
    choice(name, values) {
      const found = values.find((value) => value === fallback(name));
      if (found === undefined) problems.push(`${name} must be ${values.join(' or ')}`);
      return found ?? values[0];
    },
    pair(idName, secretName) {
      const [id, secret] = [text(idName), text(secretName)];
      if ((id === null) !== (secret === null)) {
        problems.push(`${idName} and ${secretName} go together: set both or neither`);
      }
      return id === null || secret === null ? null : { id, secret };
    },
  };
}

/** The sandbox page has no login: whoever opens it is anyone. Nothing real may stand behind it. */
export function findSandboxProblems({
  providers,
  http,
  tenant,
}: Pick<Config, 'providers' | 'http' | 'tenant'>): string[] {
  const overrides = {
    GOOGLE_API_URL: providers.google,
    GITHUB_API_URL: providers.github,
    GITHUB_URL: providers.githubSite,
    AUTH0_DOMAIN: tenant?.issuer ?? null,
  };
  const problems = Object.entries(overrides)
    .filter(([, url]) => url !== null && !isLoopback(url))
    .map(
      ([name]) =>
        `${name} is a real service but Slack is the sandbox, whose page has no login; set SLACK_BOT_TOKEN, or unset ${name}`,
    );
  if (!LOOPBACK.has(http.host) && !/^127\./.test(http.host)) {
    problems.push('HOST must be loopback while Slack is the sandbox, whose page has no login');
  }
  return problems;
}

/** Where Slack is, or null for the sandbox. */
export function readSlack(from: Environment): SlackConfig | null {
  const apiUrl = from.url('SLACK_API_URL') ?? SLACK_API_URL;
  const bot = from.text('SLACK_BOT_TOKEN');
  const app = from.text('SLACK_APP_TOKEN');
  const signing = from.text('SLACK_SIGNING_SECRET');
  const signIn = from.text('SLACK_CLIENT_ID') !== null;
  if (bot === null && app === null && signing === null && !signIn) {
    if (from.text('SLACK_API_URL') !== null) {
      from.problems.push(
        'SLACK_API_URL is set but no Slack credential is; set SLACK_BOT_TOKEN and SLACK_APP_TOKEN',
      );
    }
    return null;
  }
  const wrong = [
    bot !== null &&
      !bot.startsWith('xoxb-') &&
      'SLACK_BOT_TOKEN must be a bot token (xoxb-…), from OAuth & Permissions',
    app !== null &&
      !app.startsWith('xapp-') &&
      'SLACK_APP_TOKEN must be an app-level token (xapp-…) with connections:write',
    app === null && signing === null && 'set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)',
    bot === null &&
      (!signIn || from.text('SLACK_STATE_SECRET') === null) &&
      'set SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_STATE_SECRET for OAuth installs',
  ];
  from.problems.push(...wrong.filter((problem) => problem !== false));
  return {
    apiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
    transport: app === null ? 'http' : 'socket',
    signIn,
    install: bot === null ? 'oauth' : 'token',
  };
}
