import { isLoopback } from '../config-readers.ts';
import type { Config } from '../config-types.ts';
import { fail, pass, warn, type Check, type Finding } from './doctor-finding.ts';

/** Which parts are real. That the values are well formed was checked before any command runs. */
export const checkConfiguration: Check = ({ config }) =>
  Promise.resolve([pass('configuration', describe(config))]);

function describe(config: Config): string {
  const { slack, providers, model, tenant } = config;
  const provider = (url: string | null): string => {
    if (url !== null) return isLoopback(url) ? `on this machine (${url})` : url;
    return slack === null ? 'sandbox' : 'real';
  };
  const slackPart = (): string => {
    if (slack === null) return 'sandbox';
    const transport = slack.transport === 'socket' ? 'Socket Mode' : 'HTTP';
    return `${isLoopback(slack.apiUrl) ? `on this machine (${slack.apiUrl})` : 'real'}, ${transport}`;
  };
  const parts = {
    Slack: slackPart(),
    'approvals and vault': tenant === null ? 'embedded' : `embedded, and ${tenant.domain}`,
    Google: provider(providers.google),
    GitHub: provider(providers.github),
    model: model === null ? 'built-in offline planner' : `${model.name} at ${model.baseUrl ?? 'OpenAI'}`,
    database: config.embeddedDatabase ? 'embedded' : 'DATABASE_URL',
  };
  return Object.entries(parts)
    .map(([part, is]) => `${part}: ${is}`)
    .join('; ');
}

/** Whether the links we make can work. */
export const checkPublicUrl: Check = ({ config }) => {
  const { publicUrl } = config.http;
  const { protocol, username, password, search, hash } = new URL(publicUrl);
  const findings: Finding[] = [];
  const set =
    'Set PUBLIC_URL to the https address that people reach AgentDesk at, like https://desk.example.com';
  if (username !== '' || password !== '' || search !== '' || hash !== '') {
    findings.push(
      fail('public url', 'PUBLIC_URL has a login, a query or a fragment', `${set}, and nothing more.`),
    );
  }
  if (protocol !== 'https:' && !isLoopback(publicUrl)) {
    findings.push(fail('public url', `${publicUrl} is neither https nor on this machine`, `${set}.`));
  }
  if (config.slack !== null && !isLoopback(config.slack.apiUrl) && isLoopback(publicUrl)) {
    findings.push(
      config.slack.transport === 'http'
        ? fail('public url', `Slack cannot send events to ${publicUrl}`, `${set}, or use SLACK_APP_TOKEN.`)
        : warn('public url', `${publicUrl}: connect links open only on this very machine`, `${set}.`),
    );
  }
  return Promise.resolve(findings.length > 0 ? findings : [pass('public url', publicUrl)]);
};
