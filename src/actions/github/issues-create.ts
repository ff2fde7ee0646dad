import { z } from 'zod';
import type { Action } from '../action.ts';
import { requireOneLine, toCanonical } from '../arguments.ts';
import { showList, showText } from '../fields.ts';
import { githubRule } from '../provider/rules.ts';
import { askGithub } from './client.ts';
import { issueAnswer, summariseIssue, type IssueAnswer } from './issue.ts';
import { addMarker, createMarkerHandle, hasMarker, MARKER_NOTE } from './marker.ts';
import { assignees, body, labels, repository, title } from './raw.ts';
import { noteVisibility, readRepositoryFacts, splitRepository } from './repository.ts';
import { REPOSITORY_SCOPES } from './scopes.ts';

/** How many of the newest issues are looked through for a lost one. */
const ISSUES_SEARCHED = 50;

const raw = z.strictObject({
  repository,
  title,
  body: body.optional(),
  labels: labels.optional(),
  assignees: assignees.optional().describe('GitHub logins'),
});

const args = z.strictObject({
  repository: z.string(),
  title: z.string(),
  body: z.string().optional(),
  labels: z.array(z.string()).optional(),
  assignees: z.array(z.string()).optional(),
});

type Args = z.infer<typeof args>;

export const issuesCreate: Action<z.infer<typeof raw>, Args> = {
  id: 'github.issues.create',
  service: 'github',
  connection: 'github',
  risk: 'write',
  scopes: REPOSITORY_SCOPES,
  mayVary: ['title', 'body', 'labels'],
  description: 'Open a new issue in a repository. Everybody who watches the repository is told about it.',
  schema: raw,
  args,
  requests: {
    inspect: [githubRule('GET', '/repos/{owner}/{repo}')],
    perform: [githubRule('POST', '/repos/{owner}/{repo}/issues')],
    reconcile: [githubRule('GET', '/repos/{owner}/{repo}/issues')],
  },

  async resolve(given, { http }) {
    const wanted = given.labels?.map((label) => requireOneLine(this.id, 'labels', label));
    const resolved = {
      ...given,
      title: requireOneLine(this.id, 'title', given.title),
      // An empty list and none are the same call, so they get the same arguments.
      labels: wanted?.length ? wanted : undefined,
      assignees: given.assignees?.length ? given.assignees : undefined,
    };
    const facts = await readRepositoryFacts(http, given.repository);
    return { args: toCanonical(resolved), facts: { ...facts, labels: wanted ?? [] } };
  },

  preview: (call, facts) => ({
    title: 'Open a GitHub issue',
    line: `“${call.title}” in ${call.repository}`,
    targets: [{ kind: 'repository', value: call.repository }],
    fields: [
      { path: '/repository', label: 'Repository', value: call.repository },
      { path: '/title', label: 'Title', value: call.title },
      ...showText('/body', 'Text', call.body),
      ...showList('/labels', 'Labels', call.labels),
      ...showList('/assignees', 'Assignees', call.assignees),
    ],
    notes: [...noteVisibility(facts), MARKER_NOTE],
  }),

  createHandle: createMarkerHandle,

  async execute(call, { http, handle }) {
    const about = { what: `the repository ${call.repository}`, effect: true };
    const issue = await askGithub(http, about, issueAnswer, (api) =>
      api.issues.create({
        ...splitRepository(call.repository),
        title: call.title,
        body: addMarker(call.body ?? '', handle),
        ...(call.labels && { labels: call.labels }),
        ...(call.assignees && { assignees: call.assignees }),
      }),
    );
    return report(call, issue);
  },

  async reconcile(call, { http, handle }) {
    const about = { what: `the repository ${call.repository}`, effect: false };
    const issues = await askGithub(http, about, z.array(issueAnswer), (api) =>
      api.issues.listForRepo({
        ...splitRepository(call.repository),
        state: 'all',
        sort: 'created',
        direction: 'desc',
        per_page: ISSUES_SEARCHED,
      }),
    );
    const issue = issues.find((candidate) => hasMarker(candidate.body, handle));
    if (issue !== undefined) return { outcome: 'done', result: report(call, issue) };
    return {
      outcome: 'unknown',
      look: `Look for “${call.title}” among the newest issues of ${call.repository}.`,
    };
  },
};

function report(call: Args, issue: IssueAnswer) {
  const summary = `Opened ${call.repository}#${issue.number}: ${issue.title}.`;
  return { summary, data: summariseIssue(issue), link: issue.html_url };
}
