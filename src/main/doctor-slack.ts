import { BOT_SCOPES } from '../slack/scopes.ts';
import { isLoopback } from '../config-readers.ts';
import type { SlackConfig } from '../config-types.ts';
import { judgeSkew } from './doctor-clock.ts';
import { fail, pass, warn, type Check, type DoctorContext, type Finding } from './doctor-finding.ts';
import { callSlack } from './doctor-slack-call.ts';
import { APP_TOKEN, BOT_TOKEN, explainRefusal } from './doctor-slack-fixes.ts';

/** Slack's tokens, scopes and clock. Nothing is posted and no socket is opened. */
export const checkSlack: Check = async (context) => {
  const { slack } = context.config;
  if (slack === null) return [pass('slack', 'sandbox')];
  const { slackBotToken: bot, slackAppToken: app, slackSigningSecret: signing } = context.secrets;
  const findings =
    bot === null ? await checkReachable(context, slack) : await checkBotToken(context, slack, bot);
  if (findings.some(({ check, status }) => check === 'slack' && status === 'fail')) return findings;
  if (app !== null) findings.push(await checkAppToken(context, slack, app));
  else if (signing !== null) findings.push(checkSigningSecret(signing));
  if (!slack.signIn) {
    const detail = 'Sign in with Slack is off: who connects an account is proved by its e-mail address';
    const fix =
      'To prove it by Slack itself, set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET (Basic Information).';
    // A stand-in on this machine is a trial; nobody else can open its links.
    findings.push(
      isLoopback(slack.apiUrl) ? pass('slack sign-in', detail) : warn('slack sign-in', detail, fix),
    );
  }
  return findings;
};

function unreachable(slack: SlackConfig, problem: string): Finding {
  const fix = 'Check the network and any firewall or proxy between, and SLACK_API_URL if you set it.';
  return fail('slack', `${slack.apiUrl} cannot be reached: ${problem}`, fix);
}

/** OAuth installs: each workspace has a token of its own, so only Slack itself can be looked at. */
async function checkReachable(context: DoctorContext, slack: SlackConfig): Promise<Finding[]> {
  const answer = await callSlack(context, slack.apiUrl, 'api.test', null);
  if (answer.kind === 'trouble') return [unreachable(slack, answer.problem)];
  const clock = answer.kind === 'ok' ? judgeSkew('slack clock', 'Slack', answer.skewMs, 5_000) : [];
  return [pass('slack', `${slack.apiUrl} answers; workspaces install by OAuth`), ...clock];
}

async function checkBotToken(context: DoctorContext, slack: SlackConfig, token: string): Promise<Finding[]> {
  const answer = await callSlack(context, slack.apiUrl, 'auth.test', token);
  if (answer.kind === 'trouble') return [unreachable(slack, answer.problem)];
  if (answer.kind === 'refused') return [explainRefusal('slack bot token', BOT_TOKEN, answer.error)];
  const { team, user } = answer.body;
  const name = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 80) : '?');
  return [
    pass('slack bot token', `@${name(user)} in ${name(team)}`),
    checkScopes(answer.scopes),
    ...judgeSkew('slack clock', 'Slack', answer.skewMs, 5_000),
  ];
}

function checkScopes(given: readonly string[] | null): Finding {
  const check = 'slack scopes';
  if (given === null) {
    const fix = 'Compare them yourself with manifest.yml, under OAuth & Permissions.';
    return warn(check, 'Slack did not say which scopes the bot token has', fix);
  }
  const missing = BOT_SCOPES.filter((scope) => !given.includes(scope));
  const needless = given.filter((scope) => !BOT_SCOPES.includes(scope));
  if (missing.length > 0) {
    const fix =
      'Paste manifest.yml at https://api.slack.com/apps → your app → App Manifest, then install the app again and set SLACK_BOT_TOKEN anew.';
    return fail(check, `The bot token lacks ${missing.join(', ')}`, fix);
  }
  if (needless.length > 0) {
    const list = needless.map((scope) => scope.slice(0, 60)).join(', ');
    const fix = 'Remove them under OAuth & Permissions: what is not granted cannot be misused.';
    return warn(check, `The bot token has more than is used: ${list}`, fix);
  }
  return pass(check, `all ${BOT_SCOPES.length} of manifest.yml, and no other`);
}

async function checkAppToken(context: DoctorContext, slack: SlackConfig, token: string): Promise<Finding> {
  const check = 'slack app token';
  const answer = await callSlack(context, slack.apiUrl, 'apps.connections.open', token);
  if (answer.kind === 'trouble') return unreachable(slack, answer.problem);
  if (answer.kind === 'refused') return explainRefusal(check, APP_TOKEN, answer.error);
  // The address is a ticket to the socket: it is not printed.
  return pass(check, 'Socket Mode lets us in');
}

function checkSigningSecret(secret: string): Finding {
  const check = 'slack signing secret';
  if (/^[0-9a-f]{32}$/.test(secret)) return pass(check, 'has the right form; Slack has no way to check it');
  const fix = 'Copy the Signing Secret from https://api.slack.com/apps → your app → Basic Information.';
  return warn(check, 'SLACK_SIGNING_SECRET is not 32 hexadecimal digits', fix);
}
