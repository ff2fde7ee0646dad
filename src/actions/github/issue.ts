import { z } from 'zod';
import type { Http, Json } from '../action.ts';
import { askGithub } from './client.ts';
import { splitRepository } from './repository.ts';

const user = z.object({ login: z.string() }).nullish();

/** The parts of GitHub's issue that are used here; pull requests are issues there, with `pull_request`. */
export const issueAnswer = z.object({
  number: z.number(),
  title: z.string(),
  state: z.string(),
  body: z.string().nullish(),
  user,
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])).optional(),
  assignees: z.array(z.object({ login: z.string() })).nullish(),
  comments: z.number().optional(),
  updated_at: z.string(),
  html_url: z.string(),
  pull_request: z.unknown().optional(),
});

export type IssueAnswer = z.infer<typeof issueAnswer>;

export const commentAnswer = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user,
  html_url: z.string(),
});

/** Reads one issue, to see what is there before or after a write. */
export function getIssue(http: Http, repository: string, number: number): Promise<IssueAnswer> {
  return askGithub(http, { what: `issue ${repository}#${number}`, effect: false }, issueAnswer, (api) =>
    api.issues.get({ ...splitRepository(repository), issue_number: number }),
  );
}

export function listLabels(issue: IssueAnswer): string[] {
  return (issue.labels ?? []).flatMap((label) => (typeof label === 'string' ? label : (label.name ?? [])));
}

export function listAssignees(issue: IssueAnswer): string[] {
  return (issue.assignees ?? []).map(({ login }) => login);
}

/** A deleted account's issues belong to GitHub's `ghost`. */
export function readAuthor(item: { readonly user?: { login: string } | null | undefined }): string {
  return item.user?.login ?? 'ghost';
}

/** What the model reads after an issue was written. */
export function summariseIssue(issue: IssueAnswer): { [key: string]: Json } {
  return { number: issue.number, title: issue.title, state: issue.state, link: issue.html_url };
}
