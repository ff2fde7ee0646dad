import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGithubStandIn, type GithubStandIn } from '../../src/sandbox/github/stand-in.ts';
import { createDesk } from './desk.ts';

const NOW = new Date('2026-11-03T09:00:00Z');
const REDIRECT = 'http://127.0.0.1:1/callback';
const repository = 'acme/billing';

let github: GithubStandIn;
let ada: ReturnType<typeof createDesk>;

beforeAll(async () => {
  github = createGithubStandIn({ state: { load: () => null, save: () => undefined }, now: () => NOW });
  const { origin } = await github.start();
  const token = await signIn(origin);
  ada = createDesk({
    origin,
    now: NOW,
    timeZone: 'Europe/Berlin',
    account: 'ada-acme',
    member: 'Ada',
    token: () => Promise.resolve(token),
  });
});
afterAll(() => github.stop());

async function signIn(origin: string): Promise<string> {
  const { clientId, clientSecret } = github.credentials;
  const query = new URLSearchParams({ client_id: clientId, redirect_uri: REDIRECT, scope: 'repo' });
  const consent = await fetch(`${origin}/login/oauth/authorize?${query.toString()}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ decision: 'allow', account: 'ada-acme' }),
  });
  const code = new URL(consent.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const answer = await fetch(`${origin}/login/oauth/access_token`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ code, client_id: clientId, client_secret: clientSecret }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const issuesOf = (name: string) =>
  github.world.repositories().find(({ fullName }) => fullName === name)?.issues ?? [];
const loseAnswerOf = (method: string) =>
  github.world.faults.failNext({ match: (m) => m === method, dropAnswer: true });

describe('the GitHub actions over the stand-in', () => {
  it('read repositories, issues and one issue', async () => {
    const repos = await (await ada.propose('github.repos.list', { max: 2 })).execute();
    expect((repos.data as { repositories: unknown[] }).repositories).toHaveLength(2);
    const list = await (await ada.propose('github.issues.list', { repository, labels: ['bug'] })).execute();
    expect(list.data).toMatchObject({
      issues: [{ number: 1, title: 'Export of October is missing two invoices' }],
    });
    const one = await (await ada.propose('github.issues.get', { repository, number: 1 })).execute();
    expect(one.data).toMatchObject({ assignees: ['ada-acme'], comments: [{ author: 'priya-acme' }] });
  });

  it('open an issue once, and find it again', async () => {
    const call = await ada.propose('github.issues.create', { repository, title: 'New', labels: ['bug'] });
    expect(call.facts.repositoryVisibility).toBe('private');
    loseAnswerOf('POST');
    await expect(call.execute()).rejects.toMatchObject({
      code: 'provider_unreachable',
      effectPossible: true,
    });
    expect(await call.reconcile()).toMatchObject({ outcome: 'done', result: { data: { title: 'New' } } });
    expect(issuesOf(repository).filter(({ title }) => title === 'New')).toHaveLength(1);
  });

  it('comment once, and find the comment again', async () => {
    const call = await ada.propose('github.issues.createComment', { repository, number: 2, body: 'Agreed.' });
    expect(await call.reconcile()).toMatchObject({ outcome: 'unknown' });
    loseAnswerOf('POST');
    await expect(call.execute()).rejects.toMatchObject({ effectPossible: true });
    expect(await call.reconcile()).toMatchObject({ outcome: 'done' });
  });

  it('change an issue, and read back that it was changed within the same second', async () => {
    const call = await ada.propose('github.issues.update', {
      repository,
      number: 1,
      state: 'closed',
      labels: [],
    });
    expect(await call.reconcile()).toEqual({ outcome: 'not_done' });
    loseAnswerOf('PATCH');
    await expect(call.execute()).rejects.toMatchObject({ effectPossible: true });
    expect(await call.reconcile()).toMatchObject({ outcome: 'done', result: { data: { state: 'closed' } } });
    expect(issuesOf(repository).find(({ number }) => number === 1)).toMatchObject({
      state: 'closed',
      labels: [],
    });
  });

  it('say that a repository has no issues', async () => {
    github.world.setIssuesEnabled('ada-acme/notes', false);
    const call = await ada.propose('github.issues.create', { repository: 'ada-acme/notes', title: 'x' });
    await expect(call.execute()).rejects.toMatchObject({ code: 'provider_gone', effectPossible: false });
  });
});
