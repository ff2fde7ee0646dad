import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOT_SCOPES } from '../../src/slack/scopes.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startOutside, type Outside } from '../support/outside.ts';
import { about, examine, findDeadUrl, sendJson, serve } from './doctor-servers.ts';

const BOT = 'xoxb-1-test-bot-token';
const APP = 'xapp-1-test-app-token';

let database: TestDatabase;
let outside: Outside;
/** What leaves nothing to complain of beside Slack. */
let quiet: Record<string, string>;

beforeAll(async () => {
  [database, outside] = await Promise.all([createTestDatabase(), startOutside()]);
  const { GOOGLE_API_URL, GITHUB_API_URL } = outside.variables;
  quiet = { DATABASE_URL: database.ownerUrl, GOOGLE_API_URL, GITHUB_API_URL };
});
afterAll(() => Promise.all([database.drop(), outside.stop()]));

/** A Slack that says what the test wants it to. */
const startSlack = (answers: Record<string, unknown>, headers: Record<string, string> = {}) =>
  serve((request, response) => {
    sendJson(response, answers[request.url?.replace('/api/', '') ?? ''], 200, headers);
  });

const goodAnswers = {
  'auth.test': { ok: true, team: 'Acme', user: 'agentdesk' },
  'apps.connections.open': { ok: true, url: 'wss://wss.example/link/?ticket=very-secret-ticket' },
};
const allScopes = { 'x-oauth-scopes': BOT_SCOPES.join(',') };

describe('the doctor on Slack', () => {
  const look = (url: string, more: Record<string, string> = {}) =>
    examine({ ...quiet, SLACK_API_URL: `${url}/api/`, SLACK_BOT_TOKEN: BOT, SLACK_APP_TOKEN: APP, ...more });

  it('sends each token where it belongs, and prints neither them nor the socket’s ticket', async () => {
    const slack = await startSlack(goodAnswers, allScopes);
    const findings = await look(slack.url);
    expect(slack.seen).toEqual([
      `POST /api/auth.test Bearer ${BOT}`,
      `POST /api/apps.connections.open Bearer ${APP}`,
    ]);
    expect(about(findings, 'slack bot token')[0]?.detail).toBe('@agentdesk in Acme');
    expect(JSON.stringify(findings)).not.toMatch(/test-bot-token|test-app-token|ticket/);
    await slack.stop();
  });

  it('names the variable of a wrong token and where the right one is found', async () => {
    const slack = await startSlack({
      'auth.test': { ok: false, error: 'invalid_auth' },
      'apps.connections.open': { ok: false, error: 'token_revoked' },
    });
    const findings = await look(slack.url);
    expect(about(findings, 'slack bot token')[0]).toEqual({
      check: 'slack bot token',
      status: 'fail',
      detail: 'SLACK_BOT_TOKEN is not a token that Slack knows (invalid_auth)',
      fix: expect.stringMatching(/Bot User OAuth Token .* OAuth & Permissions/) as string,
    });
    expect(about(findings, 'slack app token')[0]).toMatchObject({
      status: 'fail',
      detail: 'SLACK_APP_TOKEN was revoked (token_revoked)',
      fix: expect.stringContaining('App-Level Tokens') as string,
    });
    await slack.stop();
  });

  it('names each missing scope, and what is granted without need', async () => {
    const scopes = [...BOT_SCOPES.filter((scope) => scope !== 'im:history'), 'files:read'];
    const slack = await startSlack(goodAnswers, { 'x-oauth-scopes': scopes.join(', ') });
    expect(about(await look(slack.url), 'slack scopes')[0]).toMatchObject({
      status: 'fail',
      detail: 'The bot token lacks im:history',
    });
    await slack.stop();
    const generous = await startSlack(goodAnswers, {
      'x-oauth-scopes': [...BOT_SCOPES, 'files:read'].join(','),
    });
    expect(about(await look(generous.url), 'slack scopes')[0]).toMatchObject({
      status: 'warn',
      detail: 'The bot token has more than is used: files:read',
    });
    await generous.stop();
  });

  it('sees a skewed clock by the Date header', async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    const slack = await startSlack(goodAnswers, { ...allScopes, date });
    expect(about(await look(slack.url), 'slack clock')[0]).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/^Slack's clock is 3\d\d\d\.\d s behind ours$/) as string,
    });
    await slack.stop();
  });

  it('says when Slack is down, hangs, or is something else', async () => {
    const [down] = about(await look(await findDeadUrl()), 'slack');
    expect(down).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('cannot be reached: nothing listens there') as string,
    });
    const silent = await serve(() => undefined);
    const hung = await examine(
      { ...quiet, SLACK_API_URL: `${silent.url}/api/`, SLACK_BOT_TOKEN: BOT, SLACK_APP_TOKEN: APP },
      { timeoutMs: 300 },
    );
    expect(about(hung, 'slack')[0]).toMatchObject({
      detail: expect.stringContaining('no answer within 0.3 s') as string,
    });
    await silent.stop();
    const other = await serve((_, response) => response.writeHead(200).end('<html>Welcome</html>'));
    expect(about(await look(other.url), 'slack')[0]).toMatchObject({
      detail: expect.stringContaining('does not answer as Slack does') as string,
    });
    await other.stop();
  });

  it('does not follow a redirect with a token', async () => {
    const thief = await startSlack(goodAnswers, allScopes);
    const slack = await serve((request, response) =>
      response.writeHead(307, { location: `${thief.url}${request.url ?? ''}` }).end(),
    );
    expect(about(await look(slack.url), 'slack')[0]).toMatchObject({ status: 'fail' });
    expect(thief.seen).toEqual([]);
    await Promise.all([slack.stop(), thief.stop()]);
  });

  it('misses the OAuth clients when the providers are real', async () => {
    const slack = await startSlack(goodAnswers, allScopes);
    const { GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET } = outside.variables;
    const findings = await examine(
      {
        DATABASE_URL: database.ownerUrl,
        GITHUB_API_URL: outside.variables.GITHUB_API_URL,
        GOOGLE_API_URL: 'https://google.invalid',
        SLACK_API_URL: `${slack.url}/api/`,
        SLACK_BOT_TOKEN: BOT,
        SLACK_APP_TOKEN: APP,
        GITHUB_CLIENT_ID,
        GITHUB_CLIENT_SECRET,
        AGENTDESK_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
      },
      { timeoutMs: 2_000 },
    );
    expect(about(findings, 'oauth clients')).toMatchObject([
      {
        status: 'warn',
        fix: expect.stringContaining(
          'http://127.0.0.1:3000/connect/callback, then set GOOGLE_CLIENT_ID',
        ) as string,
      },
      { status: 'ok' },
    ]);
    expect(about(findings, 'endpoint')[0]).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('google.invalid') as string,
    });
    await slack.stop();
  });
});
