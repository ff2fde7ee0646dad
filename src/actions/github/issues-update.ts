import { z } from 'zod';
import type { Action } from '../action.ts';
import { ProviderError } from '../../errors.ts';
import { toCanonical } from '../arguments.ts';
import { githubRule } from '../provider/rules.ts';
import { askGithub } from './client.ts';
import {
  isIssueApplied,
  issueChangesArgs,
  resolveIssueChanges,
  showIssueChanges,
  toIssuePatch,
} from './issue-changes.ts';
import { getIssue, issueAnswer, summariseIssue, type IssueAnswer } from './issue.ts';
import { assignees, body, labels, number, repository, title } from './raw.ts';
import { noteVisibility, readRepositoryFacts, splitRepository } from './repository.ts';
import { REPOSITORY_SCOPES } from './scopes.ts';

const ISSUE_PATH = '/repos/{owner}/{repo}/issues/{number}';

const raw = z.strictObject({
  repository,
  number,
  title: title.optional(),
  body: body.optional(),
  state: z.enum(['open', 'closed']).optional(),
  labels: labels.optional().describe('All labels the issue shall have; the others are taken off'),
  assignees: assignees.optional().describe('All logins the issue shall be assigned to'),
});

const args = z.strictObject({
  repository: z.string(),
  number: z.int(),
  updatedAt: z.string(),
  issueTitle: z.string(),
  changes: issueChangesArgs,
});

type Args = z.infer<typeof args>;

export const issuesUpdate: Action<z.infer<typeof raw>, Args> = {
  id: 'github.issues.update',
  service: 'github',
  connection: 'github',
  risk: 'write',
  scopes: REPOSITORY_SCOPES,
  description:
    'Change an issue: close or reopen it, its title, text, labels or assignees. Give only what changes; labels and ' +
    'assignees are the whole new lists.',
  schema: raw,
  args,
  requests: {
    inspect: [githubRule('GET', '/repos/{owner}/{repo}'), githubRule('GET', ISSUE_PATH)],
    perform: [githubRule('GET', ISSUE_PATH), githubRule('PATCH', ISSUE_PATH)],
    reconcile: [githubRule('GET', ISSUE_PATH)],
  },

  async resolve(given, { http }) {
    const facts = await readRepositoryFacts(http, given.repository);
    const issue = await getIssue(http, given.repository, given.number);
    const changes = resolveIssueChanges(this.id, given, issue);
    const resolved = {
      repository: given.repository,
      number: given.number,
      updatedAt: issue.updated_at,
      issueTitle: issue.title,
      changes,
    };
    return { args: toCanonical(resolved), facts: { ...facts, labels: changes.labels?.to ?? [] } };
  },

  preview: (call, facts) => ({
    title: 'Change a GitHub issue',
    line: `${call.repository}#${call.number}, “${call.issueTitle}”`,
    targets: [
      { kind: 'repository', value: call.repository },
      { kind: 'issue', value: `${call.repository}#${call.number}` },
    ],
    fields: [
      { path: '/repository', label: 'Repository', value: call.repository },
      { path: '/number', label: 'Issue', value: String(call.number) },
      { path: '/issueTitle', label: 'Title of the issue', value: call.issueTitle },
      ...showIssueChanges(call.changes),
      { path: '/updatedAt', label: 'Version seen', value: call.updatedAt },
    ],
    notes: noteVisibility(facts),
  }),

  createHandle: () => ({}),

  /** GitHub has no conditional write, so the version is compared by reading right before it. */
  async execute(call, { http }) {
    const present = await getIssue(http, call.repository, call.number);
    if (present.updated_at !== call.updatedAt) {
      throw new ProviderError(
        'provider_changed',
        { service: 'GitHub' },
        { status: null, effectPossible: false },
      );
    }
    const about = { what: `issue ${call.repository}#${call.number}`, effect: true };
    const issue = await askGithub(http, about, issueAnswer, (api) =>
      api.issues.update({
        ...splitRepository(call.repository),
        issue_number: call.number,
        ...toIssuePatch(call.changes),
      }),
    );
    return report(call, issue);
  },

  async reconcile(call, { http }) {
    const issue = await getIssue(http, call.repository, call.number);
    // What it is now differs from what it was, even where `updated_at`, in whole seconds, could not move on.
    if (isIssueApplied(call.changes, issue)) return { outcome: 'done', result: report(call, issue) };
    if (issue.updated_at === call.updatedAt) return { outcome: 'not_done' };
    return {
      outcome: 'unknown',
      look: `Look at ${call.repository}#${call.number}: it was changed by someone else too.`,
    };
  },
};

function report(call: Args, issue: IssueAnswer) {
  return {
    summary: `Changed ${call.repository}#${call.number}.`,
    data: summariseIssue(issue),
    link: issue.html_url,
  };
}
