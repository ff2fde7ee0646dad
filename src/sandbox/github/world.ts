import type { Faults } from '../http/faults.ts';
import type { LoggedRequest } from '../http/request-log.ts';
import type { Effect } from '../http/store.ts';
import { revokeAll } from './applications.ts';
import { refuse } from './errors.ts';
import { fullNameOf, type Github, type Issue } from './state.ts';

interface WorldIssue {
  readonly number: number;
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly body: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly author: string;
  readonly comments: readonly { readonly author: string; readonly body: string; readonly at: string }[];
  /** RFC 3339. */
  readonly updatedAt: string;
}

/** What the sandbox page and the tests may see of GitHub: never a token. */
export interface GithubWorld {
  /** Issues without pull requests, newest first. */
  repositories(): { fullName: string; visibility: 'public' | 'private'; issues: WorldIssue[] }[];
  effects(): Effect[];
  /** The last 500 requests. */
  requests(): LoggedRequest[];
  onChange(listener: () => void): () => void;
  readonly faults: Faults;
  /** Ends every token a person gave the app. */
  revokeAll(login: string): void;
  /** Switches the issues of a repository off or on; off answers 410. */
  setIssuesEnabled(fullName: string, enabled: boolean): void;
}

export function createGithubWorld(
  github: Github,
  faults: Faults,
  requests: () => LoggedRequest[],
): GithubWorld {
  const { store } = github;
  return {
    repositories: () =>
      store.state.repositories.map((repository) => ({
        fullName: fullNameOf(repository),
        visibility: repository.isPrivate ? 'private' : 'public',
        issues: store.state.issues
          .filter(({ repositoryId, isPull }) => repositoryId === repository.id && !isPull)
          .map(viewIssue)
          .toSorted((a, b) => b.number - a.number),
      })),
    effects: () => store.effects(),
    requests,
    onChange: (listener) => store.onChange(listener),
    faults,
    revokeAll: (login) => revokeAll(github, login),
    setIssuesEnabled(fullName, enabled) {
      const repository = store.state.repositories.find((entry) => fullNameOf(entry) === fullName);
      if (!repository) throw refuse(404, 'Not Found');
      repository.hasIssues = enabled;
      store.commit();
    },
  };
}

function viewIssue(issue: Issue): WorldIssue {
  const { number, title, state, labels, assignees, author, updatedAt } = issue;
  const comments = issue.comments.map((comment) => ({
    author: comment.author,
    body: comment.body,
    at: comment.createdAt,
  }));
  return { number, title, state, body: issue.body ?? '', labels, assignees, author, comments, updatedAt };
}
