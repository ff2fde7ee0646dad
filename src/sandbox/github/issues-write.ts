import { replyJson, type Incoming, type Reply } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { canPush, readViewer, requireRepository, requireWriter } from './access.ts';
import { refuse, refuseInvalid } from './errors.ts';
import { readBody, readText, readTitle, resolveAssignees, resolveLabels } from './issue-fields.ts';
import { requireIssue, requireIssuesOn } from './issues-read.ts';
import { renderComment, renderIssue } from './render-issue.ts';
import { formatSecond, fullNameOf, nextId, type Comment, type Github, type Issue } from './state.ts';

const ISSUES = '/repos/{owner}/{repo}/issues';

export function addIssueWrites(router: Router, github: Github): void {
  router.on('POST', ISSUES, (request) => createIssue(github, request));
  router.on('PATCH', `${ISSUES}/{number}`, (request) => updateIssue(github, request));
  router.on('POST', `${ISSUES}/{number}/comments`, (request) => createComment(github, request));
}

function createIssue(github: Github, request: Incoming): Reply {
  const { state } = github.store;
  const viewer = readViewer(github, request);
  const repository = requireRepository(github, request, viewer);
  const author = requireWriter(repository, viewer);
  requireIssuesOn(repository);
  const body = readBody(request);
  const title = readTitle(body['title']);
  const text = readText(body['body'], 'Issue');
  // Without push access labels and assignees are dropped silently.
  const pushes = canPush(repository, author);
  const assignees = pushes ? resolveAssignees(repository, body['assignees']) : [];
  const labels = pushes ? resolveLabels(github, repository, body['labels']) : [];
  const numbers = state.issues.filter(({ repositoryId }) => repositoryId === repository.id);
  const at = formatSecond(github.now());
  const issue: Issue = {
    id: nextId(state),
    repositoryId: repository.id,
    number: Math.max(0, ...numbers.map(({ number }) => number)) + 1,
    author,
    createdAt: at,
    isPull: false,
    title,
    body: text,
    state: 'open',
    stateReason: null,
    labels,
    assignees,
    comments: [],
    updatedAt: at,
    closedAt: null,
  };
  state.issues.push(issue);
  const name = fullNameOf(repository);
  github.store.commit({ kind: 'issue.created', detail: `${author}: ${name}#${issue.number} ${title}` });
  return replyJson(201, renderIssue(issue, repository, viewer, request.origin), {
    location: `${request.origin}/repos/${name}/issues/${issue.number}`,
  });
}

function updateIssue(github: Github, request: Incoming): Reply {
  const { viewer, repository, issue } = requireIssue(github, request);
  const login = requireWriter(repository, viewer);
  const pushes = canPush(repository, login);
  if (!pushes && issue.author !== login) throw refuse(403, 'Must have admin rights to Repository.');
  const body = readBody(request);
  const state = body['state'] ?? issue.state;
  if (state !== 'open' && state !== 'closed') {
    throw refuseInvalid({ resource: 'Issue', field: 'state', code: 'invalid', value: state });
  }
  const title = 'title' in body ? readTitle(body['title']) : issue.title;
  const text = 'body' in body ? readText(body['body'], 'Issue') : issue.body;
  const assignees =
    pushes && 'assignees' in body ? resolveAssignees(repository, body['assignees']) : issue.assignees;
  const labels =
    pushes && 'labels' in body ? resolveLabels(github, repository, body['labels']) : issue.labels;
  const at = formatSecond(github.now());
  if (state !== issue.state) {
    const reason = body['state_reason'];
    issue.stateReason = state === 'open' ? 'reopened' : typeof reason === 'string' ? reason : 'completed';
    issue.closedAt = state === 'open' ? null : at;
  }
  Object.assign(issue, { state, title, body: text, assignees, labels, updatedAt: at });
  const detail = `${login}: ${fullNameOf(repository)}#${issue.number} ${Object.keys(body).join(', ')}`;
  github.store.commit({ kind: 'issue.updated', detail });
  return replyJson(200, renderIssue(issue, repository, viewer, request.origin));
}

function createComment(github: Github, request: Incoming): Reply {
  const { viewer, repository, issue } = requireIssue(github, request);
  const author = requireWriter(repository, viewer);
  const text = readText(readBody(request)['body'], 'IssueComment');
  if (text === null) throw refuse(422, 'Invalid request.\n\n"body" wasn\'t supplied.');
  if (text.trim() === '') {
    const message = 'Body cannot be blank';
    throw refuseInvalid({ resource: 'IssueComment', code: 'unprocessable', field: 'data', message });
  }
  const at = formatSecond(github.now());
  const comment: Comment = { id: nextId(github.store.state), author, body: text, createdAt: at };
  issue.comments.push(comment);
  issue.updatedAt = at;
  const detail = `${author}: ${fullNameOf(repository)}#${issue.number}`;
  github.store.commit({ kind: 'comment.created', detail });
  return replyJson(201, renderComment(comment, issue, repository, request.origin));
}
