import { replyJson } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { canRead, readViewer, requireLogin, requireRepository, roleOf } from './access.ts';
import { replyPageOf } from './paging.ts';
import { renderRepository } from './render.ts';
import { renderLabel } from './render-issue.ts';
import { fullNameOf, type Github, type Repository } from './state.ts';

export function addRepositories(router: Router, github: Github): void {
  router.on('GET', '/user/repos', (request) => {
    const viewer = readViewer(github, request);
    const login = requireLogin(viewer);
    const { query } = request;
    const visibility = query.get('visibility') ?? 'all';
    const affiliation = (query.get('affiliation') ?? 'owner,collaborator,organization_member').split(',');
    const sort = query.get('sort') ?? 'full_name';
    const isWanted = (repository: Repository): boolean => {
      if (visibility !== 'all' && (visibility === 'private') !== repository.isPrivate) return false;
      return affiliation.some((kind) => (kind === 'owner') === (repository.owner === login));
    };
    const found = github.store.state.repositories
      .filter(
        (repository) =>
          roleOf(repository, login) !== null && canRead(repository, viewer) && isWanted(repository),
      )
      .toSorted((a, b) =>
        sort === 'full_name'
          ? fullNameOf(a).localeCompare(fullNameOf(b))
          : b.createdAt.localeCompare(a.createdAt),
      );
    if (query.get('direction') === (sort === 'full_name' ? 'desc' : 'asc')) found.reverse();
    return replyPageOf(request, found, (entry) => renderRepository(github, entry, viewer, request.origin));
  });
  router.on('GET', '/repos/{owner}/{repo}', (request) => {
    const viewer = readViewer(github, request);
    const repository = requireRepository(github, request, viewer);
    return replyJson(200, renderRepository(github, repository, viewer, request.origin));
  });
  router.on('GET', '/repos/{owner}/{repo}/labels', (request) => {
    const repository = requireRepository(github, request, readViewer(github, request));
    return replyPageOf(request, repository.labels, (label) => renderLabel(label, repository, request.origin));
  });
}
