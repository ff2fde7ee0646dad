import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UnsecuredJWT } from 'jose';
import { createDesk, type Desk } from './desk.ts';
import { consent, createVisitor, type Visitor } from './visitor.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk();
});
beforeEach(async () => {
  desk.kit.provider.reset();
  desk.setVaultDown(false);
  await desk.open();
});
afterAll(() => desk.stop());

/** From the link to the provider's consent page. */
async function arrive(visitor: Visitor, url: string): Promise<string> {
  const posted = await visitor.post(url);
  expect(posted.status).toBe(302);
  const back = await visitor.get(desk.slack.agree(posted.location));
  expect(back.status).toBe(302);
  return back.location;
}

it('connects: names the member, proves them at Slack, sends them to the provider, ends in words', async () => {
  const { url, request } = await desk.link();
  const before = await desk.countAccounts();
  const ben = createVisitor();
  const page = await ben.get(url);
  expect(page.status).toBe(200);
  for (const text of [
    'Ben Okri',
    'Acme &amp; Sons',
    'U0BEN',
    'Connect Google',
    'to read &lt;your&gt; mail',
  ]) {
    expect(page.text).toContain(text);
  }
  expect(page.text).toContain('<li>Read your mail</li>');
  expect(page.text).toContain('<li>unheard-of</li>');
  expect(await desk.statusOf(request)).toBe('open');
  expect((await ben.get(url)).status).toBe(200);

  const posted = await ben.post(url);
  expect(posted.status).toBe(302);
  expect(posted.cookie).toMatch(
    /^agentdesk_connect_[0-9a-f-]{36}=[\w-]{43}; Path=\/connect; Max-Age=900; HttpOnly; SameSite=Lax$/,
  );
  const back = await ben.get(desk.slack.agree(posted.location));
  expect(back.location.startsWith(`${desk.kit.provider.url}/o/oauth2/v2/auth?`)).toBe(true);
  const redirectUri = new URL(back.location).searchParams.get('redirect_uri');
  expect(redirectUri).toBe(`${desk.vault.publicUrl}/connect/callback`);
  const done = await ben.get(consent(back.location));
  expect(done.status).toBe(200);
  expect(done.text).toMatch(/Connected\s+<bdi>ben@acme\.test<\/bdi>\. You can close this window and go back/);
  expect(await desk.statusOf(request)).toBe('connected');
  expect(await desk.countAccounts()).toBe(before + 1);

  const log = desk.lines.join('');
  expect(log).not.toContain(url.split('.').at(-1));
  expect(log).not.toContain('xoxp-never-kept');
  for (const token of desk.kit.provider.issued) expect(log).not.toContain(token);
});

it('escapes a name', async () => {
  const { text } = await createVisitor().get((await desk.link('U0ADA')).url);
  expect(text).toContain('<bdi>Ada &lt;b&gt;&quot;Byron&quot;&lt;/b&gt;</bdi>');
});

it('belongs to the browser of the first POST', async () => {
  const { url } = await desk.link();
  const [first, second] = await Promise.all([createVisitor().post(url), createVisitor().post(url)]);
  expect([first.status, second.status].sort()).toEqual([302, 403]);
  expect((await createVisitor().post(url)).status).toBe(403);
  const again = await createVisitor().get(url);
  expect(again).toMatchObject({ status: 403 });
  expect(again.text).toContain('begun in another browser. Go on there, or ask for a new link');
});

it('refuses a link that is altered, unknown or out of date', async () => {
  const { url, request } = await desk.link();
  const visitor = createVisitor();
  const flipped = url.slice(0, -1) + (url.endsWith('A') ? 'B' : 'A');
  const other = (await desk.link()).url.split('.').at(-1) ?? '';
  const moved = url.replace(/\.[\w-]+$/, `.${other}`);
  const root = `${desk.vault.publicUrl}/connect`;
  for (const bad of [flipped, moved, url.slice(0, -4), `${root}/x`, `${url}.x`, `${url}.`]) {
    expect((await visitor.get(bad)).status).toBe(410);
    expect((await visitor.post(bad)).status).toBe(410);
  }
  await desk.kit.database.owner`
    update agentdesk.connect_requests set expires_at = now() - interval '1 second' where id = ${request.id}`;
  const late = await visitor.post(url);
  expect(late).toMatchObject({ status: 410 });
  expect(late.text).toContain('expired');
  expect(await desk.statusOf(request)).toBe('open');
});

describe('a forwarded or replayed way back', () => {
  it('does not work in another browser, and ends the request', async () => {
    const { url, request } = await desk.link();
    const posted = await createVisitor().post(url);
    const stolen = await createVisitor().get(desk.slack.agree(posted.location));
    expect(stolen.status).toBe(403);
    expect(await desk.refusals(request)).toMatchObject([{ outcome: 'connect_elsewhere' }]);
    expect(await desk.statusOf(request)).toBe('failed');

    const second = await desk.link();
    const location = await arrive(createVisitor(), second.url);
    const before = await desk.countAccounts();
    expect((await createVisitor().get(consent(location))).status).toBe(403);
    expect(await desk.refusals(second.request)).toMatchObject([{ outcome: 'connect_elsewhere' }]);
    expect(await desk.countAccounts()).toBe(before);
  });

  it('works once', async () => {
    const { url, request } = await desk.link();
    const ben = createVisitor();
    const posted = await ben.post(url);
    const slackReturn = desk.slack.agree(posted.location);
    const { location } = await ben.get(slackReturn);
    const stale = await ben.get(slackReturn);
    expect(stale.status).toBe(410);
    expect(stale.text).toContain('out of date. Open the link in Slack again');
    const done = await ben.get(consent(location));
    expect(done.status).toBe(200);
    const before = await desk.countAccounts();
    // The same code in the same browser says the same; another code, or another browser, gets nothing.
    expect((await ben.get(consent(location))).text).toBe(done.text);
    expect((await ben.get(consent(location, { code: 'another' }))).status).toBe(410);
    expect((await ben.get(consent(location, { error: 'access_denied' }))).status).toBe(410);
    expect((await createVisitor().get(consent(location))).status).toBe(410);
    expect(await desk.countAccounts()).toBe(before);
    expect(await desk.statusOf(request)).toBe('connected');
    expect(await desk.refusals(request)).toEqual([]);
  });

  it('spends the code once, however many callbacks come at a time', async () => {
    const { url, request } = await desk.link();
    const ben = createVisitor();
    const back = consent(await arrive(ben, url));
    const before = await desk.countAccounts();
    const redeemed = () => desk.kit.provider.seen.filter((one) => one.path === '/token').length;
    const spent = redeemed();
    const pages = await Promise.all([ben.get(back), ben.get(back), ben.get(back)]);
    expect(pages.map((page) => page.status)).toEqual([200, 200, 200]);
    for (const page of pages) expect(page.text).toContain('You can close this window and go back');
    expect(redeemed()).toBe(spent + 1);
    expect(await desk.countAccounts()).toBe(before + 1);
    expect(await desk.refusals(request)).toEqual([]);
  });

  it('goes on side by side with another link in the same browser', async () => {
    const [one, two] = [await desk.link(), await desk.link()];
    const ben = createVisitor();
    const [first, second] = [await ben.post(one.url), await ben.post(two.url)];
    const firstBack = await ben.get(desk.slack.agree(first.location));
    const secondBack = await ben.get(desk.slack.agree(second.location));
    expect((await ben.get(consent(firstBack.location))).text).toContain('Connected');
    expect((await ben.get(consent(secondBack.location))).text).toContain('Connected');
    expect(await desk.statusOf(one.request)).toBe('connected');
    expect(await desk.statusOf(two.request)).toBe('connected');
  });

  it('may be begun again by the same browser, and only the last beginning counts', async () => {
    const { url, request } = await desk.link();
    const ben = createVisitor();
    const first = await arrive(ben, url);
    const page = await ben.get(url);
    expect(page.text).toContain('You began this here before');
    const second = await arrive(ben, url);
    const stale = await ben.get(consent(first));
    expect(stale.status).toBe(410);
    expect(stale.text).toContain('out of date');
    expect((await ben.get(consent(second))).text).toContain('Connected');
    expect((await ben.get(url)).text).toContain('already used');
    expect(await desk.refusals(request)).toEqual([]);
  });

  it('survives a button pressed twice', async () => {
    const { url } = await desk.link();
    const ben = createVisitor();
    await ben.get(url);
    const pressed = await Promise.all([ben.post(url), ben.post(url)]);
    expect(pressed.map((reply) => reply.status)).toEqual([302, 302]);
    const backs = [];
    for (const { location } of pressed) backs.push(await ben.get(desk.slack.agree(location)));
    expect(backs.map((back) => back.status).sort()).toEqual([302, 410]);
  });

  it('keeps two requests apart: the state of one does not serve the other', async () => {
    const [mine, theirs] = [await desk.link(), await desk.link('U0ADA')];
    const [ben, ada] = [createVisitor(), createVisitor()];
    const benAt = new URL((await ben.post(mine.url)).location);
    const adaAt = new URL((await ada.post(theirs.url)).location);
    const swapped = new URL(desk.slack.agree(benAt.href));
    swapped.searchParams.set('state', adaAt.searchParams.get('state') ?? '');
    expect((await ben.get(swapped.href)).status).toBe(403);
    expect(await desk.statusOf(theirs.request)).toBe('failed');
    expect(await desk.statusOf(mine.request)).toBe('proving');
    const guessed = new URL(desk.slack.agree(benAt.href));
    guessed.searchParams.set('state', 'guessed');
    expect((await ben.get(guessed.href)).status).toBe(410);
    const twice = new URL(desk.slack.agree(benAt.href));
    twice.searchParams.append('state', 'guessed');
    expect((await ben.get(twice.href)).status).toBe(410);
    expect(await desk.statusOf(mine.request)).toBe('proving');
    expect((await ben.get(`${desk.vault.publicUrl}/connect/callback`)).status).toBe(410);
  });
});

describe('without Sign in with Slack', () => {
  beforeEach(() => desk.open({ slackSignIn: null }));

  it('connects an account whose verified address is the member’s', async () => {
    const { url, request } = await desk.link();
    const ben = createVisitor();
    expect((await ben.get(url)).text).toContain('the one Slack has for you');
    const posted = await ben.post(url);
    expect(posted.location.startsWith(`${desk.kit.provider.url}/o/oauth2/v2/auth?`)).toBe(true);
    expect((await ben.get(consent(posted.location))).text).toContain('Connected');
    expect(await desk.statusOf(request)).toBe('connected');
    expect((await ben.get(`${desk.vault.publicUrl}/connect/slack?code=a&state=b`)).status).toBe(404);
  });

  it.each([
    ['another address', { email: 'eve@acme.test', email_verified: true }],
    ['an unverified one', { email: 'ben@acme.test', email_verified: false }],
  ])('leaves an account with %s to an admin', async (_, claims) => {
    desk.kit.provider.answer('POST /token', () => ({
      body: {
        access_token: desk.kit.provider.issue('ya29.'),
        refresh_token: desk.kit.provider.issue('1//'),
        expires_in: 3599,
        id_token: new UnsecuredJWT(claims).setSubject('2').setAudience('google-id').encode(),
      },
    }));
    const { url, request } = await desk.link();
    const before = await desk.countAccounts();
    const ben = createVisitor();
    const done = await ben.get(consent((await ben.post(url)).location));
    expect(done.status).toBe(200);
    expect(done.text).toContain(`/agentdesk account approve ${request.id}`);
    expect(await desk.statusOf(request)).toBe('awaiting_admin');
    expect(await desk.countAccounts()).toBe(before);
  });
});

describe('at the provider', () => {
  it('a refusal ends the request', async () => {
    const { url, request } = await desk.link();
    const ben = createVisitor();
    const declined = await ben.get(consent(await arrive(ben, url), { error: 'access_denied' }));
    expect(declined.status).toBe(403);
    expect(declined.text).toContain('you declined at the provider');
    expect(await desk.refusals(request)).toMatchObject([{ outcome: 'connect_failed' }]);
  });

  it('a strange error is not repeated', async () => {
    const { url } = await desk.link();
    const ben = createVisitor();
    const page = await ben.get(consent(await arrive(ben, url), { error: 'Call 555 now' }));
    expect(page.status).toBe(502);
    expect(page.text).not.toContain('555');
  });

  it('a code it does not know ends the request', async () => {
    desk.kit.provider.answer('POST /token', () => ({ status: 400, body: { error: 'invalid_grant' } }));
    const { url, request } = await desk.link();
    const ben = createVisitor();
    expect((await ben.get(consent(await arrive(ben, url)))).status).toBe(502);
    expect(await desk.statusOf(request)).toBe('failed');
  });
});

describe('when the vault does not answer', () => {
  it('the link stays usable: before the provider, and after', async () => {
    const { url, request } = await desk.link();
    const ben = createVisitor();
    const posted = await ben.post(url);
    desk.setVaultDown(true);
    const page = await ben.get(desk.slack.agree(posted.location));
    expect(page.status).toBe(503);
    expect(page.text).toContain(
      'The Token Vault does not answer, so nothing was connected. Your link still works',
    );
    expect(await desk.statusOf(request)).toBe('open');

    desk.setVaultDown(false);
    const phone = createVisitor();
    const back = consent(await arrive(phone, url));
    desk.setVaultDown(true);
    const late = await phone.get(back);
    expect(late.status).toBe(503);
    expect(await desk.statusOf(request)).toBe('open');

    desk.setVaultDown(false);
    expect((await phone.get(back)).text).toContain('out of date');
    expect((await phone.get(consent(await arrive(phone, url)))).text).toContain('Connected');
    expect(await desk.refusals(request)).toEqual([]);
  });

  it('the link stays usable without Sign in with Slack too', async () => {
    await desk.open({ slackSignIn: null });
    const { url, request } = await desk.link();
    const ben = createVisitor();
    desk.setVaultDown(true);
    expect((await ben.post(url)).status).toBe(503);
    desk.setVaultDown(false);
    expect((await ben.get(consent((await ben.post(url)).location))).text).toContain('Connected');
    expect(await desk.refusals(request)).toEqual([]);
  });
});

describe('what the vault answers is checked', () => {
  it.each([
    ['a page of another host', { connect_uri: 'https://evil.test/o/oauth2/v2/auth' }, 'not the provider’s'],
    ['a page without https', { connect_uri: 'http://accounts.google.com/auth' }, 'not the provider’s'],
    ['a page that is a script', { connect_uri: 'javascript:alert(1)' }, 'not the provider’s'],
    ['no page', { connect_uri: 'nonsense' }, 'connect_uri is missing or wrong'],
    ['no session', { auth_session: 7 }, 'auth_session is missing or wrong'],
    ['something else than JSON', '<html>', 'not JSON'],
  ])('%s is refused, in words', async (_, answer, words) => {
    const { url, request } = await desk.link();
    const ben = createVisitor();
    const posted = await ben.post(url);
    const good = { auth_session: 's', connect_uri: `${desk.kit.provider.url}/auth`, connect_params: {} };
    desk.answerInstead(typeof answer === 'string' ? answer : JSON.stringify({ ...good, ...answer }));
    const page = await ben.get(desk.slack.agree(posted.location));
    expect(page.status).toBe(502);
    expect(page.text).toContain(words);
    expect(page.text).toContain('tell an admin');
    expect(await desk.refusals(request)).toMatchObject([{ outcome: 'vault_answer_unusable' }]);
  });

  it('an account that makes no sense is refused, in words', async () => {
    const { url, request } = await desk.link();
    const ben = createVisitor();
    const back = consent(await arrive(ben, url));
    desk.answerInstead('{"id":7}');
    expect((await ben.get(back)).status).toBe(502);
    expect(await desk.statusOf(request)).toBe('failed');
    expect(await desk.refusals(request)).toMatchObject([{ outcome: 'vault_answer_unusable' }]);
  });
});
