/** One request a lease permits; the same shape as an action's declaration. */
export interface RequestRule {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly max: number;
}

/**
 * Characters that may hide a path separator or an end of path from one of the two parsers on the way.
 * A percent-encoded slash, backslash or NUL is never part of an id of ours.
 */
const HIDDEN_SEPARATOR = /%2f|%5c|%00|\\/i;

/**
 * Finds the rule a request falls under.
 * @returns the rule, or the reason why there is none
 */
export function matchRequest(rules: readonly RequestRule[], method: string, url: URL): RequestRule | string {
  if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') {
    return 'not a plain https URL';
  }
  const ofHost = rules.filter((rule) => rule.host === url.hostname);
  if (ofHost.length === 0) return `host ${url.hostname}`;
  if (HIDDEN_SEPARATOR.test(url.pathname)) return 'encoded separator in the path';
  const ofPath = ofHost.filter((rule) => matchesTemplate(rule.path, url.pathname));
  if (ofPath.length === 0) return 'path';
  return ofPath.find((rule) => rule.method === method) ?? `method ${method}`;
}

/** `{name}` stands for exactly one segment that is not empty and not a dot segment. */
function matchesTemplate(template: string, pathname: string): boolean {
  const wanted = template.split('/');
  const given = pathname.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => {
      const segment = given[index] ?? '';
      return /^\{\w+\}$/.test(part) ? segment !== '' && !/^(\.|%2e){1,2}$/i.test(segment) : part === segment;
    })
  );
}
