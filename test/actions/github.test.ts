import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './desk.ts';
import { startGithubServer } from './github-server.ts';

let github: Awaited<ReturnType<typeof startGithubServer>>;
let ada: ReturnType<typeof createDesk>;

beforeAll(async () => {
  github = await startGithubServer();
  ada = createDesk({
    origin: github.origin,
    now: new Date('2026-11-03T09:00:00Z'),
    timeZone: 'Europe/Berlin',
    account: 'ada',
    member: 'Ada',
    token: () => Promise.resolve('gho_test'),
  });
});
afterAll(() => github.stop());

const repository = 'Acme/Site'.toLowerCase();
const WISH = {
  repository,
  title: 'Exports are slow',
  body: 'Since Monday.',
  labels: ['bug'],
  assignees: ['ben'],
};

describe('reading GitHub', () => {
  it('lists repositories and issues without pull requests', async () => {
    github.addIssue({ title: 'A pull request', pull_request: {} });
    github.addIssue({ title: 'An issue', labels: [{ name: 'bug' }] });
    const repos = await ada.propose('github.repos.list', {});
    expect((await repos.execute()).data).toEqual({
      repositories: [
        { fullName: 'acme/site', visibility: 'private', openIssues: 3, link: 'https://github.com/acme/site' },
      ],
    });
    const issues = await ada.propose('github.issues.list', { repository, labels: ['bug'] });
    expect((await issues.execute()).data).toMatchObject({
      issues: [{ number: 2, title: 'An issue', labels: ['bug'] }],
    });
    expect(issues.performed[0]).toMatchObject({ host: 'api.github.com', method: 'GET' });
    expect(issues.performed[0]?.headers.get('x-github-api-version')).toBe('2022-11-28');
  });

  it('reads an issue with its latest comments', async () => {
    const issue = github.addIssue({ title: 'Busy', body: 'x'.repeat(9000) });
    for (let index = 1; index <= 23; index += 1) github.addComment(issue.number, `comment ${index}`);
    const call = await ada.propose('github.issues.get', { repository, number: issue.number });
    const data = (await call.execute()).data as { body: string; comments: { body: string }[] };
    expect(data.body).toHaveLength(8000);
    expect(data.comments.map(({ body }) => body)).toEqual(['comment 21', 'comment 22', 'comment 23']);
  });
});

describe('github.issues.create', () => {
  it('opens the issue with a marker that GitHub hides', async () => {
    const call = await ada.propose('github.issues.create', WISH);
    expect(call.facts).toEqual({
      recipients: [],
      guests: [],
      repository: 'acme/site',
      repositoryVisibility: 'public',
      labels: ['bug'],
    });
    expect(call.preview.notes[0]).toBe('The repository is public: everybody can read it.');
    const { data, link } = await call.execute();
    const issue = github.issues.at(-1);
    expect(data).toEqual({ number: issue?.number, title: WISH.title, state: 'open', link });
    expect(issue?.body).toBe(`Since Monday.\n\n${String(call.handle()['marker'])}`);
    expect(call.handle()['marker']).toMatch(/^<!-- agentdesk:[0-9A-Z]{8} -->$/);
  });

  it('finds one whose answer was lost, and does not know about one it cannot find', async () => {
    const call = await ada.propose('github.issues.create', WISH);
    expect(await call.reconcile()).toMatchObject({
      outcome: 'unknown',
      look: expect.stringContaining('acme/site') as string,
    });
    github.failNext({ method: 'POST' });
    await expect(call.execute()).rejects.toMatchObject({
      code: 'provider_unreachable',
      effectPossible: true,
    });
    expect(await call.reconcile()).toMatchObject({
      outcome: 'done',
      result: { data: { title: WISH.title } },
    });
  });

  it('says before anybody is asked that there is no such repository', async () => {
    await expect(
      ada.propose('github.issues.create', { ...WISH, repository: 'acme/none' }),
    ).rejects.toMatchObject({
      code: 'provider_not_found',
      message: expect.stringContaining('GitHub cannot find the repository acme/none') as string,
    });
  });

  it.each(['acme', 'acme/..', 'acme/site/../other', '-x/site', 'acme/site?'])(
    'refuses the repository %s',
    async (name) => {
      await expect(ada.propose('github.issues.create', { ...WISH, repository: name })).rejects.toMatchObject({
        code: 'arguments_invalid',
      });
    },
  );
});

describe('github.issues.createComment', () => {
  it('comments, and finds a comment whose answer was lost on a long issue', async () => {
    const issue = github.addIssue({ title: 'Long' });
    for (let index = 0; index < 150; index += 1) github.addComment(issue.number, 'more');
    const call = await ada.propose('github.issues.createComment', {
      repository,
      number: issue.number,
      body: 'Done.',
    });
    expect(call.preview.line).toBe(`On acme/site#${issue.number}, “Long”`);
    expect(await call.reconcile()).toMatchObject({ outcome: 'unknown' });
    github.failNext({ method: 'POST' });
    await expect(call.execute()).rejects.toMatchObject({
      code: 'provider_unreachable',
      effectPossible: true,
    });
    for (let index = 0; index < 60; index += 1) github.addComment(issue.number, 'even more');
    expect(await call.reconcile()).toMatchObject({ outcome: 'done' });
    expect(github.comments.get(issue.number)?.filter(({ body }) => body.startsWith('Done.'))).toHaveLength(1);
  });
});

describe('github.issues.update', () => {
  it('shows before and after, and changes only what was asked', async () => {
    const issue = github.addIssue({ title: 'Old', body: 'text', labels: [{ name: 'bug' }] });
    const call = await ada.propose('github.issues.update', {
      repository,
      number: issue.number,
      state: 'closed',
      labels: ['BUG', 'done'],
      title: 'Old',
    });
    expect(call.args['changes']).toEqual({
      state: { from: 'open', to: 'closed' },
      labels: { from: ['bug'], to: ['BUG', 'done'] },
    });
    expect(await call.reconcile()).toEqual({ outcome: 'not_done' });
    github.failNext({ method: 'PATCH' });
    await expect(call.execute()).rejects.toMatchObject({
      code: 'provider_unreachable',
      effectPossible: true,
    });
    expect(await call.reconcile()).toMatchObject({ outcome: 'done', result: { data: { state: 'closed' } } });
    expect(github.issues[issue.number - 1]).toMatchObject({ title: 'Old', body: 'text', state: 'closed' });
    expect(github.seen.filter(({ method }) => method === 'PATCH').at(-1)?.body).toEqual({
      state: 'closed',
      labels: ['BUG', 'done'],
    });
  });

  it('does nothing to an issue that changed since, and does not know whose a mixed state is', async () => {
    const issue = github.addIssue({ title: 'Contested' });
    const call = await ada.propose('github.issues.update', {
      repository,
      number: issue.number,
      title: 'Mine',
    });
    github.addComment(issue.number, 'wait');
    await expect(call.execute()).rejects.toMatchObject({ code: 'provider_changed', effectPossible: false });
    expect(call.performed.map(({ method }) => method)).toEqual(['GET']);
    expect(await call.reconcile()).toMatchObject({ outcome: 'unknown' });
  });

  it('refuses a change that changes nothing', async () => {
    const issue = github.addIssue({ title: 'Same' });
    await expect(
      ada.propose('github.issues.update', { repository, number: issue.number, state: 'open' }),
    ).rejects.toMatchObject({ code: 'arguments_invalid' });
  });
});
