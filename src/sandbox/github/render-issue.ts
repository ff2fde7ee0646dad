import { roleOf, type Viewer } from './access.ts';
import { renderUser } from './render.ts';
import { fullNameOf, type Comment, type Issue, type Label, type Repository } from './state.ts';

export function renderLabel(label: Label, repository: Repository, origin: string): unknown {
  const { id, name, color, description } = label;
  const url = `${origin}/repos/${fullNameOf(repository)}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: `LA_${id}`, url, name, color, default: false, description };
}

export function renderIssue(issue: Issue, repository: Repository, viewer: Viewer, origin: string): unknown {
  const fullName = fullNameOf(repository);
  const url = `${origin}/repos/${fullName}/issues/${issue.number}`;
  const htmlUrl = htmlUrlOf(issue, repository, origin);
  const labels = issue.labels.map((name) => repository.labels.find((label) => label.name === name));
  const assignees = issue.assignees.map((login) => renderUser(login, origin));
  return {
    id: issue.id,
    node_id: `I_${issue.id}`,
    url,
    repository_url: `${origin}/repos/${fullName}`,
    comments_url: `${url}/comments`,
    html_url: htmlUrl,
    number: issue.number,
    title: issue.title,
    user: renderUser(issue.author, origin),
    labels: labels
      .filter((label) => label !== undefined)
      .map((label) => renderLabel(label, repository, origin)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: associationOf(repository, issue.author),
    active_lock_reason: null,
    body: issue.body,
    ...(issue.isPull && {
      pull_request: { url: url.replace('/issues/', '/pulls/'), html_url: htmlUrl },
      draft: false,
    }),
    ...(viewer.login !== null && { performed_via_github_app: null }),
  };
}

function htmlUrlOf(issue: Issue, repository: Repository, origin: string): string {
  return `${origin}/${fullNameOf(repository)}/${issue.isPull ? 'pull' : 'issues'}/${issue.number}`;
}

export function renderComment(
  comment: Comment,
  issue: Issue,
  repository: Repository,
  origin: string,
): unknown {
  const issueUrl = `${origin}/repos/${fullNameOf(repository)}/issues/${issue.number}`;
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${issueUrl.replace(/\/\d+$/, '')}/comments/${comment.id}`,
    html_url: `${htmlUrlOf(issue, repository, origin)}#issuecomment-${comment.id}`,
    issue_url: issueUrl,
    user: renderUser(comment.author, origin),
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    author_association: associationOf(repository, comment.author),
    body: comment.body,
  };
}

function associationOf(repository: Repository, login: string): string {
  if (login === repository.owner) return 'OWNER';
  return roleOf(repository, login) === null ? 'NONE' : 'MEMBER';
}
