import { fail, warn, type Finding } from './doctor-finding.ts';

interface Source {
  readonly variable: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN';
  /** What the token is called on the app's pages, and where it stands there. */
  readonly where: string;
  readonly renew: string;
}

export const BOT_TOKEN: Source = {
  variable: 'SLACK_BOT_TOKEN',
  where: 'the Bot User OAuth Token (xoxb-…) at https://api.slack.com/apps → your app → OAuth & Permissions',
  renew: 'Install the app to the workspace again (Install App), then',
};

export const APP_TOKEN: Source = {
  variable: 'SLACK_APP_TOKEN',
  where:
    'an app-level token (xapp-…) with connections:write at https://api.slack.com/apps → your app → Basic Information → App-Level Tokens',
  renew: 'Generate a new one, then',
};

/** Slack's error strings that mean the token itself is no good (docs.slack.dev, auth.test, Errors). */
const WRONG_TOKEN: Readonly<Record<string, string>> = {
  invalid_auth: 'is not a token that Slack knows',
  not_authed: 'is empty to Slack',
  not_allowed_token_type: 'is a token of the wrong kind',
  no_permission: 'lacks a permission',
  missing_scope: 'lacks a scope',
};

const WITHDRAWN: Readonly<Record<string, string>> = {
  account_inactive: 'belongs to an app that was uninstalled or a workspace that is gone',
  token_revoked: 'was revoked',
  token_expired: 'has expired (turn token rotation off in the app)',
};

/** The finding for a method that Slack refused, with the variable to change and where its value is found. */
export function explainRefusal(check: string, source: Source, error: string): Finding {
  const { variable, where, renew } = source;
  if (error === 'ratelimited')
    return warn(check, 'Slack is rate limiting us', 'Wait a minute and try again.');
  const wrong = WRONG_TOKEN[error];
  if (wrong !== undefined)
    return fail(check, `${variable} ${wrong} (${error})`, `Set ${variable} to ${where}.`);
  const withdrawn = WITHDRAWN[error];
  if (withdrawn !== undefined) {
    return fail(check, `${variable} ${withdrawn} (${error})`, `${renew} set ${variable} to ${where}.`);
  }
  return fail(
    check,
    `Slack refused ${variable} with ${error}`,
    'Look the error up at https://docs.slack.dev/reference/methods, and see https://slack-status.com.',
  );
}
