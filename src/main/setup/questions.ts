import { randomBytes } from 'node:crypto';
import type { VariableName } from '../../config-variables.ts';

export interface Question {
  readonly variable: VariableName;
  readonly ask: string;
  /** Where the answer is found. */
  readonly where: string;
  /** Nothing is echoed while it is typed. */
  readonly secret: boolean;
  /** @returns what is wrong with an answer, or null; an empty one never gets here */
  check(answer: string): string | null;
}

/** Questions asked together, after a yes; those of a part that was declined are not asked. */
export interface Part {
  readonly offer: string;
  readonly questions: readonly Question[];
}

const SLACK = 'https://api.slack.com/apps → your app (made from manifest.yml)';

function starts(prefix: string): Question['check'] {
  return (answer) => (answer.startsWith(prefix) ? null : `It begins with ${prefix}`);
}

const isHttps: Question['check'] = (answer) =>
  URL.canParse(answer) && new URL(answer).protocol === 'https:' ? null : 'It is an https address';

const isAnything: Question['check'] = () => null;

const secret = (
  variable: VariableName,
  ask: string,
  where: string,
  check: Question['check'] = isAnything,
): Question => ({ variable, ask, where, secret: true, check });

const plain = (
  variable: VariableName,
  ask: string,
  where: string,
  check: Question['check'] = isAnything,
): Question => ({ variable, ask, where, secret: false, check });

/** In the order in which a newcomer can answer them. */
export const PARTS: readonly Part[] = [
  {
    offer: 'Connect a real Slack workspace (otherwise the sandbox is used)?',
    questions: [
      secret('SLACK_BOT_TOKEN', 'Bot token', `${SLACK} → OAuth & Permissions`, starts('xoxb-')),
      secret(
        'SLACK_APP_TOKEN',
        'App-level token with connections:write',
        `${SLACK} → Basic Information`,
        starts('xapp-'),
      ),
      plain('SLACK_CLIENT_ID', 'Client id, for Sign in with Slack', `${SLACK} → Basic Information`),
      secret('SLACK_CLIENT_SECRET', 'Client secret', `${SLACK} → Basic Information`),
      plain('PUBLIC_URL', 'Address people reach AgentDesk at', 'https, as your proxy has it', isHttps),
    ],
  },
  {
    offer: 'Keep accounts in an Auth0 tenant (otherwise AgentDesk keeps them)?',
    questions: [
      plain('AUTH0_DOMAIN', 'Domain of the tenant', 'docs/auth0.md'),
      plain('AUTH0_CLIENT_ID', 'Client id', 'docs/auth0.md'),
      secret('AUTH0_CLIENT_SECRET', 'Client secret', 'docs/auth0.md'),
    ],
  },
  {
    offer: 'Use Google with an OAuth client of your own (not with a tenant)?',
    questions: [
      plain('GOOGLE_CLIENT_ID', 'Client id', 'docs/self-hosted-vault.md'),
      secret('GOOGLE_CLIENT_SECRET', 'Client secret', 'docs/self-hosted-vault.md'),
    ],
  },
  {
    offer: 'Use GitHub with an app of your own (not with a tenant)?',
    questions: [
      plain('GITHUB_CLIENT_ID', 'Client id', 'docs/self-hosted-vault.md'),
      secret('GITHUB_CLIENT_SECRET', 'Client secret', 'docs/self-hosted-vault.md'),
    ],
  },
  {
    offer: 'Use a model service (otherwise a small offline planner answers)?',
    questions: [secret('OPENAI_API_KEY', 'API key', 'https://platform.openai.com/api-keys')],
  },
];

/** Values nobody needs to think up. */
export function drawKey(): string {
  return randomBytes(32).toString('base64');
}
