import { canPush, roleOf, type Viewer } from './access.ts';
import { fullNameOf, type Github, type Repository } from './state.ts';
import { findUser } from './users.ts';

export function renderUser(login: string, origin: string): Record<string, unknown> {
  const user = findUser(login);
  return {
    login,
    id: user?.id ?? 0,
    node_id: `U_${user?.id ?? 0}`,
    avatar_url: `${origin}/avatars/${login}`,
    url: `${origin}/users/${login}`,
    html_url: `${origin}/${login}`,
    type: user?.type ?? 'User',
    site_admin: false,
  };
}

export function renderRepository(
  github: Github,
  repository: Repository,
  viewer: Viewer,
  origin: string,
): unknown {
  const fullName = fullNameOf(repository);
  const issues = github.store.state.issues.filter(({ repositoryId }) => repositoryId === repository.id);
  const updatedAt =
    issues
      .map((issue) => issue.updatedAt)
      .sort()
      .at(-1) ?? repository.createdAt;
  return {
    id: repository.id,
    node_id: `R_${repository.id}`,
    name: repository.name,
    full_name: fullName,
    private: repository.isPrivate,
    visibility: repository.isPrivate ? 'private' : 'public',
    owner: renderUser(repository.owner, origin),
    html_url: `${origin}/${fullName}`,
    url: `${origin}/repos/${fullName}`,
    description: repository.description,
    fork: false,
    archived: false,
    disabled: false,
    has_issues: repository.hasIssues,
    // Pull requests count as issues.
    open_issues_count: issues.filter(({ state }) => state === 'open').length,
    default_branch: 'main',
    created_at: repository.createdAt,
    updated_at: updatedAt,
    pushed_at: updatedAt,
    ...(viewer.login !== null && {
      permissions: {
        admin: roleOf(repository, viewer.login) === 'admin',
        push: canPush(repository, viewer.login),
        pull: true,
      },
    }),
  };
}
