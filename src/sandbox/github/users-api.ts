import { replyJson } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { readViewer, requireLogin } from './access.ts';
import { refuse } from './errors.ts';
import { renderUser } from './render.ts';
import { hasScope } from './scopes.ts';
import type { Github } from './state.ts';
import { findUser } from './users.ts';

/** `/user`, `/user/emails` and public profiles. */
export function addUsers(router: Router, github: Github): void {
  router.on('GET', '/user', (request) => {
    const viewer = readViewer(github, request);
    const login = requireLogin(viewer);
    const user = findUser(login);
    const email = hasScope(viewer.scopes, 'user:email') ? user?.email : null;
    return replyJson(200, {
      ...renderUser(login, request.origin),
      name: user?.name,
      email,
      two_factor_authentication: true,
    });
  });
  router.on('GET', '/user/emails', (request) => {
    const viewer = readViewer(github, request);
    const user = findUser(requireLogin(viewer));
    // GitHub does not tell a missing scope from a missing page here.
    if (!hasScope(viewer.scopes, 'user:email')) throw refuse(404, 'Not Found');
    return replyJson(200, [{ email: user?.email, primary: true, verified: true, visibility: 'private' }]);
  });
  router.on('GET', '/users/{login}', (request) => {
    readViewer(github, request);
    const user = findUser(request.params['login'] ?? '');
    if (!user) throw refuse(404, 'Not Found');
    return replyJson(200, { ...renderUser(user.login, request.origin), name: user.name });
  });
}
