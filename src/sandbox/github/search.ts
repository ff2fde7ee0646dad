import type { Incoming, Reply } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { canRead, readViewer } from './access.ts';
import { refuseInvalid } from './errors.ts';
import { replyPageOf } from './paging.ts';
import { renderIssue } from './render-issue.ts';
import { fullNameOf, type Github, type Issue, type Repository } from './state.ts';

interface Found {
  readonly issue: Issue;
  readonly repository: Repository;
}

/** `/search/issues` with repo, user, org, is, state, author, assignee, label, quoted text and words. */
export function addSearch(router: Router, github: Github): void {
  router.on('GET', '/search/issues', (request) => searchIssues(github, request));
}

function searchIssues(github: Github, request: Incoming): Reply {
  const viewer = readViewer(github, request);
  const terms = (request.query.get('q') ?? '').match(/-?(?:[\w-]+:)?(?:"[^"]*"|\S+)/g) ?? [];
  if (terms.length === 0) throw refuseInvalid({ resource: 'Search', field: 'q', code: 'missing' });
  const { issues, repositories } = github.store.state;
  const visible = repositories.filter((repository) => canRead(repository, viewer));
  for (const term of terms.filter((text) => text.startsWith('repo:'))) {
    if (visible.some((repository) => fullNameOf(repository).toLowerCase() === term.slice(5).toLowerCase()))
      continue;
    const message =
      'The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.';
    throw refuseInvalid({ resource: 'Search', field: 'q', code: 'invalid', message });
  }
  const found = visible
    .flatMap((repository) =>
      issues
        .filter(({ repositoryId }) => repositoryId === repository.id)
        .map((issue): Found => ({ issue, repository })),
    )
    .filter((entry) => terms.every((term) => matchesTerm(entry, term)))
    .toSorted((a, b) => b.issue.updatedAt.localeCompare(a.issue.updatedAt));
  const render = ({ issue, repository }: Found): unknown => {
    const rendered = renderIssue(issue, repository, viewer, request.origin) as object;
    return { ...rendered, score: 1 };
  };
  return replyPageOf(request, found, render, (items) => ({
    total_count: found.length,
    incomplete_results: false,
    items,
  }));
}

function matchesTerm(entry: Found, term: string): boolean {
  if (term.startsWith('-')) return !matchesTerm(entry, term.slice(1));
  const { issue, repository } = entry;
  const [, name = '', quoted = ''] = /^(?:([\w-]+):)?(.*)$/s.exec(term.toLowerCase()) ?? [];
  const value = quoted.replace(/^"(.*)"$/s, '$1');
  switch (name) {
    case 'repo':
      return fullNameOf(repository).toLowerCase() === value;
    case 'user':
    case 'org':
      return repository.owner === value;
    case 'is':
    case 'state':
    case 'type':
      if (value === 'issue') return !issue.isPull;
      if (value === 'pr') return issue.isPull;
      return value === issue.state || value === (repository.isPrivate ? 'private' : 'public');
    case 'author':
      return issue.author === value;
    case 'assignee':
      return issue.assignees.includes(value);
    case 'label':
      return issue.labels.some((label) => label.toLowerCase() === value);
    case 'in':
    case 'sort':
      return true;
    default:
      return [issue.title, issue.body, ...issue.comments.map(({ body }) => body)]
        .join('\n')
        .toLowerCase()
        .includes(value);
  }
}
