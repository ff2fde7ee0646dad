import { createHash, randomBytes } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGithubStandIn, type GithubStandIn } from '../../src/sandbox/github/stand-in.ts';

const REDIRECT = 'http://127.0.0.1:3999/callback';
const START = new Date('2026-11-24T10:00:00.400Z');
const WEBSITE = { owner: 'acme', repo: 'website' };
const BILLING = { owner: 'acme', repo: 'billing' };

let github: GithubStandIn;
let origin: string;
let saved: unknown;
let now: Date;

function create(): GithubStandIn {
  return createGithubStandIn({
    state: { load: () => saved ?? null, save: (snapshot) => (saved = JSON.parse(JSON.stringify(snapshot))) },
    now: () => now,
  });
}

beforeEach(async () => {
  saved = null;
  now = new Date(START);
  github = create();
  ({ origin } = await github.start());
});

afterEach(() => github.stop());

const verifier = randomBytes(32).toString('base64url');

async function consent(account: string, scope: string, form: Record<string, string> = {}): Promise<URL> {
  const query = new URLSearchParams({
    client_id: github.credentials.clientId,
    redirect_uri: REDIRECT,
    scope,
    state: 'the-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const url = `${origin}/login/oauth/authorize?${query}`;
  const html = await (await fetch(url)).text();
  expect(html).toContain('ben-acme');
  expect(html).not.toContain('passer-by');
  const body = new URLSearchParams({ account, decision: 'allow', ...form });
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '');
}

async function exchange(code: string, params: Record<string, string> = {}): Promise<Record<string, string>> {
  const answer = await fetch(`${origin}/login/oauth/access_token`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({
      client_id: github.credentials.clientId,
      client_secret: github.credentials.clientSecret,
      code,
      redirect_uri: REDIRECT,
      code_verifier: verifier,
      ...params,
    }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, string>;
}

async function signIn(account = 'ada-acme', scope = 'repo user:email'): Promise<string> {
  const code = (await consent(account, scope)).searchParams.get('code') ?? '';
  return (await exchange(code))['access_token'] ?? '';
}

const client = (auth?: string): Octokit => new Octokit({ auth, baseUrl: origin, log: quiet });
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function asApp(
  method: string,
  path: string,
  token: string,
  secret = github.credentials.clientSecret,
): Promise<Response> {
  const basic = Buffer.from(`${github.credentials.clientId}:${secret}`).toString('base64');
  return fetch(`${origin}/applications/${github.credentials.clientId}/${path}`, {
    method,
    headers: { authorization: `Basic ${basic}` },
    body: JSON.stringify({ access_token: token }),
  });
}

describe('OAuth', () => {
  it('signs in with PKCE and answers in the format asked for', async () => {
    const back = await consent('ada-acme', 'repo,public_repo user:email nonsense');
    expect(back.searchParams.get('state')).toBe('the-state');
    const code = back.searchParams.get('code') ?? '';
    expect(await exchange(code, { code_verifier: 'b'.repeat(43) })).toMatchObject({
      error: 'bad_verification_code',
    });
    expect(await exchange(code, { redirect_uri: 'http://127.0.0.1:1/' })).toMatchObject({
      error: 'redirect_uri_mismatch',
    });
    expect(await exchange(code, { client_secret: 'wrong' })).toMatchObject({
      error: 'incorrect_client_credentials',
    });
    const answer = await exchange(code);
    expect(answer).toMatchObject({ token_type: 'bearer', scope: 'repo,user:email' });
    expect(answer['access_token']).toMatch(/^gho_\w{36}$/);
    expect(await exchange(code)).toMatchObject({
      error: 'bad_verification_code',
      error_uri: expect.any(String),
    });
    const plain = await fetch(`${origin}/login/oauth/access_token`, {
      method: 'POST',
      body: new URLSearchParams({ code }),
    });
    expect(plain.headers.get('content-type')).toContain('x-www-form-urlencoded');
    expect(new URLSearchParams(await plain.text()).get('error')).toBe('incorrect_client_credentials');
  });

  it('redirects a denial, and blocks wrong clients, targets and foreign forms', async () => {
    const denied = await consent('ada-acme', 'repo', { decision: 'deny' });
    expect(denied.searchParams.get('error')).toBe('access_denied');
    const post = (params: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(
        `${origin}/login/oauth/authorize?${new URLSearchParams({ client_id: github.credentials.clientId, redirect_uri: REDIRECT, ...params })}`,
        {
          method: 'POST',
          headers,
          body: new URLSearchParams({ account: 'ada-acme', decision: 'allow' }),
          redirect: 'manual',
        },
      );
    expect((await post({ client_id: 'other' })).status).toBe(404);
    expect((await post({ redirect_uri: 'ftp://x' })).status).toBe(400);
    expect((await post({}, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post({}, { origin })).status).toBe(302);
  });

  it('checks and revokes tokens as the app', async () => {
    const token = await signIn();
    expect(await (await asApp('POST', 'token', token)).json()).toMatchObject({
      scopes: ['repo', 'user:email'],
      user: { login: 'ada-acme' },
    });
    expect((await asApp('POST', 'token', token, 'wrong')).status).toBe(401);
    expect((await asApp('POST', 'token', 'gho_nothing')).status).toBe(404);
    const other = await signIn();
    expect((await asApp('DELETE', 'token', token)).status).toBe(204);
    await expect(client(token).users.getAuthenticated()).rejects.toMatchObject({
      status: 401,
      response: { data: { message: 'Bad credentials' } },
    });
    await client(other).users.getAuthenticated();
    expect((await asApp('DELETE', 'grant', other)).status).toBe(204);
    await expect(client(other).users.getAuthenticated()).rejects.toMatchObject({ status: 401 });
  });

  it('keeps world and tokens over a restart, and no usable token in the state', async () => {
    const token = await signIn();
    await client(token).issues.create({ ...WEBSITE, title: 'Kept' });
    expect(JSON.stringify(saved)).not.toContain(token);
    expect(JSON.stringify([github.world.requests(), github.world.effects()])).not.toContain(token);
    await github.stop();
    const before = github.credentials;
    github = create();
    ({ origin } = await github.start());
    expect(github.credentials).toEqual(before);
    const { data } = await client(token).issues.get({ ...WEBSITE, issue_number: 6 });
    expect(data.title).toBe('Kept');
    github.world.revokeAll('ada-acme');
    await expect(client(token).users.getAuthenticated()).rejects.toMatchObject({ status: 401 });
  });
});

describe('reading', () => {
  it('tells who one is, with the scopes in the headers', async () => {
    const api = client(await signIn());
    const { data, headers } = await api.users.getAuthenticated();
    expect(data).toMatchObject({ login: 'ada-acme', email: 'ada@acme.test' });
    expect(headers['x-oauth-scopes']).toBe('repo, user:email');
    expect(headers['x-ratelimit-limit']).toBe('5000');
    expect(headers['x-github-api-version-selected']).toBeTruthy();
    expect((await api.users.listEmailsForAuthenticatedUser()).data).toMatchObject([
      { primary: true, verified: true },
    ]);
    await expect(
      client(await signIn('ada-acme', 'repo')).users.listEmailsForAuthenticatedUser(),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('shows private repositories only with a role and the scope', async () => {
    const names = async (account: string, scope: string): Promise<string[]> => {
      const { data } = await client(await signIn(account, scope)).repos.listForAuthenticatedUser();
      return data.map((repository) => repository.full_name);
    };
    expect(await names('ada-acme', 'repo')).toEqual(['acme/billing', 'acme/website', 'ada-acme/notes']);
    expect(await names('ada-acme', 'public_repo')).toEqual(['acme/website']);
    expect(await names('ben-acme', 'repo')).toEqual(['acme/billing', 'acme/website']);
    const ben = client(await signIn('ben-acme', 'repo'));
    await expect(ben.repos.get({ owner: 'ada-acme', repo: 'notes' })).rejects.toMatchObject({ status: 404 });
    await expect(client().repos.get(BILLING)).rejects.toMatchObject({ status: 404 });
    expect((await client().repos.get(WEBSITE)).data).toMatchObject({
      visibility: 'public',
      open_issues_count: 4,
    });
  });

  it('filters, sorts and pages issues with Link headers, pull requests among them', async () => {
    const api = client(await signIn());
    const numbers = async (params: object): Promise<number[]> => {
      const { data } = await api.issues.listForRepo({ ...WEBSITE, ...params });
      return data.map(({ number }) => number);
    };
    expect(await numbers({})).toEqual([5, 4, 1, 2]);
    expect(await numbers({ state: 'all', direction: 'asc' })).toEqual([3, 2, 1, 4, 5]);
    expect(await numbers({ state: 'closed' })).toEqual([3]);
    expect(await numbers({ labels: 'bug,urgent' })).toEqual([1]);
    expect(await numbers({ assignee: 'ben-acme' })).toEqual([1]);
    expect(await numbers({ since: '2026-11-22T00:00:00Z' })).toEqual([5, 4]);
    const first = await api.issues.listForRepo({ ...WEBSITE, per_page: 3 });
    expect(first.headers.link).toMatch(/<http:[^>]+page=2[^>]*>; rel="next"/);
    expect(first.data.find(({ number }) => number === 5)?.pull_request).toBeTruthy();
    const all = await api.paginate(api.issues.listForRepo, { ...WEBSITE, state: 'all', per_page: 2 });
    expect(all).toHaveLength(5);
    await expect(api.issues.listForRepo({ ...WEBSITE, state: 'odd' as 'open' })).rejects.toMatchObject({
      status: 422,
    });
  });

  it('shows an issue with its comments, labels, a page for people, and answers If-None-Match', async () => {
    const api = client(await signIn());
    const issue = await api.issues.get({ ...WEBSITE, issue_number: 1 });
    expect(issue.data).toMatchObject({
      title: expect.stringContaining('Safari'),
      user: { login: 'priya-acme' },
      comments: 2,
    });
    const again = api.issues.get({
      ...WEBSITE,
      issue_number: 1,
      headers: { 'if-none-match': issue.headers.etag ?? '' },
    });
    await expect(again).rejects.toMatchObject({ status: 304 });
    const comments = await api.issues.listComments({ ...WEBSITE, issue_number: 1 });
    expect(comments.data.map(({ user }) => user?.login)).toEqual(['ben-acme', 'priya-acme']);
    expect((await api.issues.listLabelsForRepo(WEBSITE)).data).toHaveLength(4);
    const hostile = await fetch(`${origin}/acme/website/issues/4`);
    expect(await hostile.text()).not.toContain('<script>');
    await expect(api.issues.get({ ...WEBSITE, issue_number: 99 })).rejects.toMatchObject({ status: 404 });
  });

  it('searches what one may see', async () => {
    const ada = client(await signIn());
    const search = async (api: Octokit, q: string): Promise<number> =>
      (await api.request('GET /search/issues', { q })).data.total_count;
    expect(await search(ada, 'repo:acme/website is:issue is:open')).toBe(3);
    expect(await search(ada, 'INV-2038')).toBe(1);
    expect(await search(ada, 'label:bug -repo:acme/billing')).toBe(1);
    expect(await search(client(), 'INV-2038')).toBe(0);
    await expect(search(client(), 'repo:acme/billing x')).rejects.toMatchObject({ status: 422 });
  });
});

describe('writing', () => {
  it('creates, comments on and updates an issue', async () => {
    const api = client(await signIn());
    const { data, status } = await api.issues.create({
      ...WEBSITE,
      title: 'New',
      body: 'Text',
      labels: ['BUG', 'fresh'],
      assignees: ['ben-acme'],
    });
    expect(status).toBe(201);
    expect(data).toMatchObject({
      number: 6,
      state: 'open',
      created_at: '2026-11-24T10:00:00Z',
      html_url: `${origin}/acme/website/issues/6`,
    });
    expect(data.labels).toMatchObject([{ name: 'bug' }, { name: 'fresh' }]);
    now = new Date(START.getTime() + 5000);
    const comment = await api.issues.createComment({ ...WEBSITE, issue_number: 6, body: 'Hello' });
    expect(comment.data.html_url).toContain('#issuecomment-');
    const closed = await api.issues.update({ ...WEBSITE, issue_number: 6, state: 'closed', labels: [] });
    expect(closed.data).toMatchObject({
      state: 'closed',
      state_reason: 'completed',
      labels: [],
      updated_at: '2026-11-24T10:00:05Z',
      title: 'New',
    });
    expect(github.world.effects().map(({ kind }) => kind)).toEqual([
      'issue.created',
      'comment.created',
      'issue.updated',
    ]);
    const shown = github.world.repositories().find(({ fullName }) => fullName === 'acme/website')?.issues[0];
    expect(shown).toMatchObject({
      number: 6,
      state: 'closed',
      comments: [{ author: 'ada-acme', body: 'Hello' }],
    });
  });

  it('enforces scopes and roles', async () => {
    const reader = client(await signIn('ben-acme', 'user:email'));
    await expect(reader.issues.create({ ...WEBSITE, title: 'x' })).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'x-accepted-oauth-scopes': 'repo' } },
    });
    const publicOnly = client(await signIn('ben-acme', 'public_repo'));
    await publicOnly.issues.create({ ...WEBSITE, title: 'public' });
    await expect(publicOnly.issues.create({ ...BILLING, title: 'x' })).rejects.toMatchObject({ status: 404 });
    await expect(client().issues.create({ ...WEBSITE, title: 'x' })).rejects.toMatchObject({ status: 401 });
  });

  it('words bad input as GitHub does', async () => {
    const api = client(await signIn());
    const failing = (call: Promise<unknown>) =>
      call.then(
        () => expect.unreachable('the call went through'),
        (error: { status: number; response: { data: { message: string; errors?: object[] } } }) => ({
          status: error.status,
          ...error.response.data,
        }),
      );
    expect(await failing(api.issues.create({ ...WEBSITE, title: ' ' }))).toMatchObject({
      status: '422',
      message: 'Validation Failed',
      errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }],
    });
    expect(await failing(api.issues.create({ ...WEBSITE, title: 'x', assignees: ['nobody'] }))).toMatchObject(
      { errors: [{ field: 'assignees', code: 'invalid', value: 'nobody' }] },
    );
    expect(
      await failing(api.issues.create({ ...WEBSITE, title: 'x', body: 'x'.repeat(65_537) })),
    ).toMatchObject({ errors: [{ field: 'body', code: 'custom' }] });
    expect(await failing(api.issues.createComment({ ...WEBSITE, issue_number: 1, body: ' ' }))).toMatchObject(
      { message: 'Validation Failed' },
    );
    github.world.setIssuesEnabled('acme/website', false);
    expect(await failing(api.issues.create({ ...WEBSITE, title: 'x' }))).toMatchObject({ status: '410' });
    const broken = await fetch(`${origin}/repos/acme/billing/issues`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await signIn()}` },
      body: '{',
    });
    expect(broken.status).toBe(400);
    expect(github.world.effects()).toEqual([]);
  });

  it('fails as told, and can lose the answer of something done', async () => {
    const api = client(await signIn());
    github.world.faults.failNext({ match: (_, path) => path === '/user', status: 429, retryAfter: 30 });
    await expect(api.users.getAuthenticated()).rejects.toMatchObject({
      status: 429,
      response: { headers: { 'retry-after': '30' } },
    });
    await api.users.getAuthenticated();
    let changes = 0;
    const stop = github.world.onChange(() => (changes += 1));
    github.world.faults.failNext({ match: (method) => method === 'POST', dropAnswer: true });
    await expect(api.issues.create({ ...WEBSITE, title: 'Lost answer' })).rejects.toMatchObject({
      status: 500,
    });
    expect((await api.issues.get({ ...WEBSITE, issue_number: 6 })).data.title).toBe('Lost answer');
    expect(changes).toBe(1);
    stop();
  });
});
