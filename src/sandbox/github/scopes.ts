const KNOWN: Readonly<Record<string, string>> = {
  repo: 'Read and write all your repositories, private ones too',
  public_repo: 'Read and write your public repositories',
  user: 'Read and change your profile',
  'read:user': 'Read your profile',
  'user:email': 'Read your e-mail addresses',
  'read:org': 'Read your memberships',
  notifications: 'Read your notifications',
};

const INCLUDES: Readonly<Record<string, readonly string[]>> = {
  repo: ['public_repo'],
  user: ['read:user', 'user:email'],
};

export function describeScope(scope: string): string {
  return KNOWN[scope] ?? scope;
}

/** Comma- or space-separated scopes; unknown ones and those another one includes are dropped, as GitHub does. */
export function parseScopes(text: string): string[] {
  const asked = [...new Set(text.split(/[\s,]+/))].filter((scope) => scope in KNOWN);
  return asked.filter((scope) => !asked.some((other) => INCLUDES[other]?.includes(scope)));
}

export function hasScope(scopes: readonly string[], wanted: string): boolean {
  return scopes.some((scope) => scope === wanted || INCLUDES[scope]?.includes(wanted));
}

/** The `X-Accepted-OAuth-Scopes` of a path. */
export function acceptedScopes(path: string): string {
  if (path === '/user/emails') return 'user, user:email';
  return /^\/(repos|user\/repos|search)/.test(path) ? 'repo' : '';
}
