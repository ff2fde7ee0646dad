import { z } from 'zod';
import type { Action } from '../action.ts';
import { requireOneLine, toCanonical } from '../arguments.ts';
import { NO_ADDRESSES } from '../facts.ts';
import { count, shortLine, showList } from '../fields.ts';
import { githubRule } from '../provider/rules.ts';
import { readOnly } from '../read-only.ts';
import { askGithub } from './client.ts';
import { issueAnswer, listLabels, readAuthor } from './issue.ts';
import { labels, repository } from './raw.ts';
import { splitRepository } from './repository.ts';
import { REPOSITORY_SCOPES } from './scopes.ts';

/** More than are shown, because pull requests come in the same list and are taken out. */
const ISSUES_READ = 100;

const state = z.enum(['open', 'closed', 'all']);

const raw = z.strictObject({
  repository,
  state: state.default('open'),
  labels: labels.optional().describe('Only issues that have all of these labels'),
  max: z.int().min(1).max(50).default(20),
});

const args = z.strictObject({
  repository: z.string(),
  state,
  labels: z.array(z.string()).optional(),
  max: z.int(),
});

export const issuesList: Action<z.infer<typeof raw>, z.infer<typeof args>> = {
  ...readOnly,
  id: 'github.issues.list',
  service: 'github',
  connection: 'github',
  scopes: REPOSITORY_SCOPES,
  description: 'List the issues of a repository, the newest first, without pull requests.',
  schema: raw,
  args,
  requests: { inspect: [], perform: [githubRule('GET', '/repos/{owner}/{repo}/issues')], reconcile: [] },

  async resolve(given) {
    const wanted = given.labels?.map((label) => requireOneLine(this.id, 'labels', label));
    return {
      args: toCanonical({ ...given, labels: wanted?.length ? wanted : undefined }),
      facts: {
        ...NO_ADDRESSES,
        repository: given.repository.toLowerCase(),
        ...(wanted && { labels: wanted }),
      },
    };
  },

  preview: (call) => ({
    title: 'List issues',
    line: `${call.state === 'all' ? 'All' : `${call.state === 'open' ? 'Open' : 'Closed'}`} issues of ${call.repository}`,
    targets: [{ kind: 'repository', value: call.repository }],
    fields: [
      { path: '/repository', label: 'Repository', value: call.repository },
      { path: '/state', label: 'State', value: call.state },
      ...showList('/labels', 'Labels', call.labels),
      { path: '/max', label: 'At most', value: String(call.max) },
    ],
    notes: [],
  }),

  async execute(call, { http }) {
    const about = { what: `the repository ${call.repository}`, effect: false };
    const found = await askGithub(http, about, z.array(issueAnswer), (api) =>
      api.issues.listForRepo({
        ...splitRepository(call.repository),
        state: call.state,
        per_page: ISSUES_READ,
        ...(call.labels === undefined ? {} : { labels: call.labels.join(',') }),
      }),
    );
    const issues = found
      .filter((issue) => issue.pull_request === undefined)
      .slice(0, call.max)
      .map((issue) => ({
        number: issue.number,
        title: shortLine(issue.title, 300),
        state: issue.state,
        labels: listLabels(issue).slice(0, 20),
        author: readAuthor(issue),
        updatedAt: issue.updated_at,
        link: issue.html_url,
      }));
    return { summary: `Found ${count(issues.length, 'issue')} in ${call.repository}.`, data: { issues } };
  },
};
