import { replyJson, type Incoming, type Reply } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { readViewer, requireRepository, type Viewer } from './access.ts';
import { refuse, refuseInvalid } from './errors.ts';
import { replyPageOf } from './paging.ts';
import { renderComment, renderIssue } from './render-issue.ts';
import type { Github, Issue, Repository } from './state.ts';

const ISSUES = '/repos/{owner}/{repo}/issues';

export function addIssueReads(router: Router, github: Github): void {
  router.on('GET', ISSUES, (request) => listIssues(github, request));
  router.on('GET', `${ISSUES}/{number}`, (request) => {
    const { viewer, repository, issue } = requireIssue(github, request);
    return replyJson(200, renderIssue(issue, repository, viewer, request.origin));
  });
  router.on('GET', `${ISSUES}/{number}/comments`, (request) => {
    const { repository, issue } = requireIssue(github, request);
    const since = request.query.get('since') ?? '';
    const found = issue.comments.filter(({ createdAt }) => createdAt >= since);
    return replyPageOf(request, found, (comment) =>
      renderComment(comment, issue, repository, request.origin),
    );
  });
}

/** @throws Refusal 404, 410 when issues are switched off */
export function requireIssue(
  github: Github,
  request: Incoming,
): { viewer: Viewer; repository: Repository; issue: Issue } {
  const viewer = readViewer(github, request);
  const repository = requireRepository(github, request, viewer);
  requireIssuesOn(repository);
  const issue = github.store.state.issues.find(
    ({ repositoryId, number }) =>
      repositoryId === repository.id && String(number) === request.params['number'],
  );
  if (!issue) throw refuse(404, 'Not Found');
  return { viewer, repository, issue };
}

/** @throws Refusal 410 */
export function requireIssuesOn(repository: Repository): void {
  if (!repository.hasIssues) throw refuse(410, 'Issues are disabled for this repo');
}

function listIssues(github: Github, request: Incoming): Reply {
  const viewer = readViewer(github, request);
  const repository = requireRepository(github, request, viewer);
  requireIssuesOn(repository);
  const { query } = request;
  const state = query.get('state') ?? 'open';
  if (!['open', 'closed', 'all'].includes(state)) {
    throw refuseInvalid({ resource: 'Issue', field: 'state', code: 'invalid', value: state });
  }
  const labels = (query.get('labels') ?? '')
    .split(',')
    .filter(Boolean)
    .map((name) => name.trim().toLowerCase());
  const since = query.get('since') ?? '';
  const sort = query.get('sort') ?? 'created';
  const keyOf = (issue: Issue): string | number => {
    if (sort === 'comments') return issue.comments.length;
    return sort === 'updated' ? issue.updatedAt : issue.createdAt;
  };
  const found = github.store.state.issues
    .filter(({ repositoryId }) => repositoryId === repository.id)
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => labels.every((label) => issue.labels.some((name) => name.toLowerCase() === label)))
    .filter((issue) => issue.updatedAt >= since)
    .filter((issue) => matchesPeople(issue, query))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? 1 : keyOf(a) > keyOf(b) ? -1 : b.number - a.number));
  if (query.get('direction') === 'asc') found.reverse();
  return replyPageOf(request, found, (issue) => renderIssue(issue, repository, viewer, request.origin));
}

function matchesPeople(issue: Issue, query: URLSearchParams): boolean {
  const creator = query.get('creator');
  const assignee = query.get('assignee');
  if (creator !== null && issue.author !== creator.toLowerCase()) return false;
  if (assignee === null) return true;
  if (assignee === 'none') return issue.assignees.length === 0;
  return assignee === '*' ? issue.assignees.length > 0 : issue.assignees.includes(assignee.toLowerCase());
}
