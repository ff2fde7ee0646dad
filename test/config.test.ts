import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { isLoopback } from '../src/config-readers.ts';
import { DeskError } from '../src/errors.ts';
import { renderReadme, withoutPadding } from './support/readme-variables.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', AGENTDESK_ENCRYPTION_KEY: KEY };
const TENANT = {
  AUTH0_DOMAIN: 'acme.eu.auth0.com',
  AUTH0_CLIENT_ID: 'client',
  AUTH0_CLIENT_SECRET: 'hush-hush',
};

function problemOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof DeskError && error.code === 'config_invalid') return error.message;
    throw error;
  }
  return '';
}

describe('configuration', () => {
  it('is the sandbox and all defaults when nothing is set', () => {
    const { config, secrets } = readConfig({});
    expect(config).toMatchObject({ slack: null, model: null, embeddedDatabase: true, dataDir: '.agentdesk' });
    expect(config.http).toEqual({ host: '127.0.0.1', port: 3000, publicUrl: 'http://127.0.0.1:3000' });
    expect(secrets.encryptionKeys).toEqual([]);
  });

  it('takes blank values for unset ones', () => {
    expect(readConfig({ SLACK_BOT_TOKEN: ' ', DATABASE_URL: '' }).config.slack).toBeNull();
  });

  it.each<[string, Record<string, string>, RegExp[]]>([
    [
      'lists everything that is missing at once',
      { SLACK_CLIENT_ID: 'a', GOOGLE_CLIENT_ID: 'b', PORT: 'x' },
      [/SLACK_APP_TOKEN/, /SLACK_CLIENT_SECRET/, /GOOGLE_CLIENT_SECRET/, /PORT must be/],
    ],
    [
      'names a token of the wrong kind',
      { ...SLACK, SLACK_BOT_TOKEN: 'xoxp-1' },
      [/SLACK_BOT_TOKEN must be a bot token/],
    ],
    [
      'asks for the key as soon as a credential is real',
      { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' },
      [/AGENTDESK_ENCRYPTION_KEY is required/],
    ],
    ['refuses a key of the wrong length', { ...SLACK, AGENTDESK_ENCRYPTION_KEY: 'c2hvcnQ=' }, [/32 bytes/]],
    [
      'refuses plain http that leaves the machine',
      { ...SLACK, GOOGLE_API_URL: 'http://google.example' },
      [/GOOGLE_API_URL is not loopback/],
    ],
    ['refuses what is no URL', { ...SLACK, PUBLIC_URL: 'desk.example.com' }, [/PUBLIC_URL is not an http/]],
    [
      'refuses a real provider behind the sandbox page',
      { GITHUB_API_URL: 'https://api.github.com' },
      [/whose page has no login/],
    ],
    ['refuses the sandbox on an address others reach', { HOST: '0.0.0.0' }, [/HOST must be loopback/]],
    [
      'refuses half a tenant rather than ignoring it',
      { ...SLACK, AUTH0_DOMAIN: 'acme.eu.auth0.com' },
      [/AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET go together/],
    ],
    [
      'refuses a tenant written as a URL',
      { ...SLACK, ...TENANT, AUTH0_DOMAIN: 'https://acme.eu.auth0.com/' },
      [/AUTH0_DOMAIN is a host name without https/],
    ],
    [
      'asks for the key beside a tenant, wherever the tenant is',
      { ...TENANT, AUTH0_DOMAIN: 'localhost:4443' },
      [/AGENTDESK_ENCRYPTION_KEY is required/],
    ],
    [
      'refuses a real tenant behind the sandbox page',
      { ...TENANT, AGENTDESK_ENCRYPTION_KEY: 'ab'.repeat(32) },
      [/AUTH0_DOMAIN is a real service/],
    ],
    [
      'refuses a device nobody has time to take up',
      { ...SLACK, ...TENANT, AUTH0_CIBA_SECONDS: '5' },
      [/AUTH0_CIBA_SECONDS must be a whole number from 30 to 259200/],
    ],
    [
      'refuses a token of the log stream that could be guessed',
      { ...SLACK, ...TENANT, AUTH0_LOG_STREAM_TOKEN: 'short' },
      [/AUTH0_LOG_STREAM_TOKEN is too short/],
    ],
    [
      'says that an audience alone is of no use',
      { AUTH0_AUDIENCE: 'https://acme.example/api' },
      [/AUTH0_AUDIENCE means something only with AUTH0_DOMAIN/],
    ],
    [
      'refuses a stream of the audit log nobody could check',
      { AGENTDESK_AUDIT_WEBHOOK_URL: 'https://siem.example.com', AGENTDESK_AUDIT_FORMAT: 'xml' },
      [/AGENTDESK_AUDIT_WEBHOOK_SECRET go together/, /AGENTDESK_AUDIT_FORMAT must be agentdesk or ocsf/],
    ],
    [
      'refuses a stream in clear, and a short secret',
      {
        AGENTDESK_AUDIT_WEBHOOK_URL: 'http://siem.example.com',
        AGENTDESK_AUDIT_WEBHOOK_SECRET: 'whsec_c2hvcnQ=',
      },
      [/AGENTDESK_AUDIT_WEBHOOK_URL is not loopback/, /24 to 64 bytes/],
    ],
    [
      'says what a lone SLACK_API_URL lacks',
      { SLACK_API_URL: 'http://127.0.0.1:1/api/' },
      [/no Slack credential/],
    ],
  ])('%s', (_, env, expected) => {
    const problem = problemOf(env);
    for (const part of expected) expect(problem).toMatch(part);
  });

  it('needs no key while everything is on loopback', () => {
    const loopback = {
      SLACK_API_URL: 'http://127.0.0.1:9/api',
      GOOGLE_API_URL: 'http://127.0.0.1:9',
      GITHUB_API_URL: 'http://127.0.0.1:9',
    };
    const { config } = readConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', ...loopback });
    expect(config.slack?.apiUrl).toBe('http://127.0.0.1:9/api/');
    expect(config.providers.githubSite).toBe('http://127.0.0.1:9');
  });

  it('reads where traces go from OpenTelemetry’s own variables', () => {
    expect(readConfig({}).config.traces).toBeNull();
    const base = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/', OTEL_SERVICE_NAME: 'desk' };
    expect(readConfig(base).config.traces).toEqual({
      url: 'http://collector:4318/v1/traces',
      serviceName: 'desk',
    });
    const whole = { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/in' };
    expect(readConfig(whole).config.traces?.url).toBe('https://traces.example.com/in');
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b, y=c=d' };
    expect(readConfig(headers).secrets.traceHeaders).toEqual({ 'x-key': 'a b', y: 'c=d' });
    expect(problemOf({ ...base, ...headers })).toMatch(/must be https, or OTEL_EXPORTER_OTLP_HEADERS/);
    expect(problemOf({ OTEL_EXPORTER_OTLP_HEADERS: 'x-key' })).toMatch(/name=value pairs/);
    expect(problemOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toMatch(/not an http\(s\) URL/);
    expect(problemOf({ AGENTDESK_METRICS_TOKEN: 'short' })).toMatch(/at least 16 characters/);
  });

  it('takes several keys, the first of which seals', () => {
    expect(
      readConfig({ AGENTDESK_ENCRYPTION_KEY: `${KEY},${'ab'.repeat(32)}` }).secrets.encryptionKeys,
    ).toHaveLength(2);
  });

  it.each([
    ['http://127.0.0.1:3000', true],
    ['http://127.8.8.8', true],
    ['http://[::1]:1', true],
    ['http://localhost', true],
    ['http://127.0.0.1.evil.example', false],
    ['http://10.0.0.1', false],
    ['http://localhost.evil.example', false],
  ])('knows whether %s is loopback', (url, expected) => {
    expect(isLoopback(url)).toBe(expected);
  });

  it('is described in README.md as it is in the code (npm run docs writes it)', () => {
    const readme = readFileSync('README.md', 'utf8');
    expect(withoutPadding(readme)).toBe(withoutPadding(renderReadme(readme)));
  });
});

describe('a key from a KMS', () => {
  const key = Buffer.alloc(32, 5).toString('base64');
  const read = (command: string, more: Record<string, string> = {}) =>
    readConfig({ AGENTDESK_KMS_COMMAND: command, ...more }).secrets.encryptionKeys;

  it('is what the command prints; no shell reads it', () => {
    expect(read(`echo ${key}`)).toEqual([Buffer.alloc(32, 5)]);
    expect(() => read(`echo ${key} ; echo $HOME`)).toThrow('What AGENTDESK_KMS_COMMAND prints');
  });

  it('is missed with the reason, and never beside another', () => {
    expect(() => read('false')).toThrow('ended with status 1');
    expect(() => read('no-such-program-here')).toThrow('could not run (ENOENT)');
    expect(() => read(`echo ${key}`, { AGENTDESK_ENCRYPTION_KEY: key })).toThrow('exclude each other');
  });
});
