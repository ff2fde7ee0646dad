import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDesk, type Desk } from './desk.ts';
import { createVisitor } from './visitor.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk();
});
beforeEach(async () => {
  desk.kit.provider.reset();
  desk.slack.discover({});
  await desk.open();
});
afterAll(() => desk.stop());

const hour = Math.floor(Date.now() / 1000) - 3600;
const enterprise = {
  'https://slack.com/team_id': 'T0TEAM',
  'https://slack.com/enterprise_id': 'T0SANDBOX',
};
it.each([
  ['another user', { 'https://slack.com/user_id': 'U0ADA' }, 'another Slack user'],
  ['another workspace', { 'https://slack.com/team_id': 'T0OTHER' }, 'another Slack workspace'],
  ['another nonce', { nonce: 'n' }, 'nonce'],
  ['no nonce', { nonce: undefined }, 'nonce'],
  ['another issuer', { iss: 'https://slack.com.evil.test' }, 'iss'],
  ['another client', { aud: '9.9' }, 'aud'],
  ['several clients', { aud: ['1.2', '9.9'] }, 'claim'],
  ['an old token', { iat: hour, exp: hour + 300 }, 'exp'],
  ['a token that lives on', { iat: hour }, 'iat'],
  ['no user', { 'https://slack.com/user_id': undefined }, 'claim'],
])('refuses %s, and says so in the audit', async (_, claims, why) => {
  const { url, request } = await desk.link();
  const ben = createVisitor();
  const back = await ben.get(desk.slack.agree((await ben.post(url)).location, { claims }));
  expect(back.status).toBe(403);
  expect(back.text).toContain('signed in as someone else');
  const [refused, ...more] = await desk.refusals(request);
  expect(more).toEqual([]);
  expect(refused?.outcome).toBe('connect_identity');
  expect(refused?.why).toContain(why);
  expect(await desk.statusOf(request)).toBe('failed');
});

it('refuses a token signed by another key', async () => {
  const { url, request } = await desk.link();
  const ben = createVisitor();
  const back = await ben.get(desk.slack.agree((await ben.post(url)).location, { forged: true }));
  expect(back.status).toBe(403);
  expect(await desk.refusals(request)).toMatchObject([{ outcome: 'connect_identity' }]);
});

it('takes the enterprise for the workspace of an org-wide installation', async () => {
  const ben = createVisitor();
  const posted = await ben.post((await desk.link()).url);
  expect((await ben.get(desk.slack.agree(posted.location, { claims: enterprise }))).status).toBe(302);
});

it('refuses a discovery document with an issuer or keys of elsewhere', async () => {
  const keys = await desk.slack.publishKeys();
  desk.kit.provider.answer('GET /keys', () => ({ body: keys }));
  const elsewhere: Record<string, string>[] = [
    { issuer: 'https://slack.com' },
    { jwks_uri: `${desk.kit.provider.url}/keys` },
  ];
  for (const parts of elsewhere) {
    const { url, request } = await desk.link();
    desk.slack.discover(parts);
    const ben = createVisitor();
    expect((await ben.get(desk.slack.agree((await ben.post(url)).location))).status).toBe(502);
    expect(await desk.refusals(request)).toMatchObject([{ outcome: 'connect_failed' }]);
  }
});

it('refuses a code that is not Slack’s, and a refusal at Slack', async () => {
  const ben = createVisitor();
  for (const [query, status] of [
    ['code=made-up', 502],
    ['error=access_denied', 403],
  ] as const) {
    const { url, request } = await desk.link();
    const { searchParams } = new URL((await ben.post(url)).location);
    const at = `${desk.vault.publicUrl}/connect/slack?state=${searchParams.get('state')}&${query}`;
    expect((await ben.get(at)).status).toBe(status);
    expect(await desk.statusOf(request)).toBe('failed');
  }
});
