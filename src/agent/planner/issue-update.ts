import { tellDone, tellFailure } from './answer.ts';
import { tidy, type Grammar, type Scope } from './grammar.ts';
import { sortHidden } from './hidden-parts.ts';
import { readIssueRef, settleIssue, type IssueRef } from './issue-ref.ts';
import { readLabels, splitList } from './issue-words.ts';
import { ask, callTool, probeTool, type Ending, type Plan, type Request } from './plan.ts';
import { textsOf } from './results.ts';

type Issue = { readonly repository: string; readonly number: number };
type Change =
  { readonly args: Record<string, unknown>; readonly words: string } | { readonly ending: Ending };

function isAboutIssue(clause: string, scope: Scope): boolean {
  return (
    /#\d|\/issues\/\d|\bissue\b/i.test(clause) ||
    (scope.before?.issue !== undefined && /\b(?:it|that|this|the issue)\b/i.test(clause))
  );
}

/** "close acme/website#3", "reopen #3 in acme/website", "close acme/website#3 saying 'fixed'" */
export const readIssueState: Grammar = (clause, scope) => {
  const verb =
    /^(close|re-?open|resolve)\b/i.exec(clause)?.[1] ??
    /^mark\b.*\bas (closed|done|fixed|resolved|open)$/i.exec(clause)?.[1];
  if (verb === undefined || !isAboutIssue(clause, scope)) return null;
  const state = /open$/i.test(verb) ? 'open' : 'closed';
  const ref = readIssueRef(clause, scope);
  const { title, text } = sortHidden(clause);
  const remark = text ?? title;
  const words = state === 'open' ? 'reopen' : 'close';
  return changeIssue(ref, scope, remark === null ? null : scope.reveal(remark), function* () {
    return { args: { state }, words };
  });
};

/** "rename issue acme/website#3 to 'New title'", "change the title of acme/website#3 to New title" */
export const readIssueTitle: Grammar = (clause, scope) => {
  const match =
    /^(?:rename|retitle)\s+(.+?)(?:\s+(?:to|as|into)\s+(.+)|\s+([\uE000-\uF8FF]))?$/is.exec(clause) ??
    /^(?:change|set|update|edit)\s+the\s+(?:title|name)\s+of\s+(.+?)(?:\s+(?:to|as|into)\s+(.+))?$/is.exec(
      clause,
    );
  if (!match || !isAboutIssue(clause, scope)) return null;
  const title = tidy(match[2] ?? match[3] ?? '', scope);
  return changeIssue(readIssueRef(match[1] ?? '', scope), scope, null, function* () {
    const name = title || (yield* ask('newTitle', [], (text) => text.trim() || null));
    return { args: { title: name }, words: `rename to “${name}”:` };
  });
};

/** "change the description of acme/website#3 to 'New text'" */
export const readIssueBody: Grammar = (clause, scope) => {
  const match =
    /^(?:change|set|update|edit)\s+the\s+(?:body|description|text)\s+of\s+(.+?)\s+to\s+(.+)$/is.exec(clause);
  if (!match || !isAboutIssue(clause, scope)) return null;
  const body = tidy(match[2] ?? '', scope);
  return changeIssue(readIssueRef(match[1] ?? '', scope), scope, null, function* () {
    return { args: { body }, words: 'change the description of' };
  });
};

/** "label acme/website#3 as bug", "add the label bug to acme/website#3", "remove label bug from acme/website#3" */
export const readIssueLabel: Grammar = (clause, scope) => {
  const match =
    /^(?:label|tag|mark)\s+(?:issue\s+)?(?<issue>\S+(?:\s+in\s+\S+)?)(?:\s+(?:as|with|:)\s*(?<labels>.+))?$/i.exec(
      clause,
    ) ??
    /^(?<verb>add|put|remove|drop|take|set)\s+(?:off\s+)?(?:the\s+)?(?:labels?\s+)?(?<labels>.+?)(?:\s+labels?)?\s+(?:to|on|from|off)\s+(?<issue>.+)$/i.exec(
      clause,
    );
  if (!match?.groups || !/\b(?:label|tag|mark)/i.test(clause)) return null;
  if (!isAboutIssue(clause, scope)) return null;
  const named = splitList(match.groups.labels ?? '', scope);
  const removes = /^(?:remove|drop|take)$/i.test(match.groups.verb ?? '');
  return changeIssue(
    readIssueRef(`issue ${match.groups.issue ?? ''}`, scope),
    scope,
    null,
    function* (issue) {
      const labels = named.length > 0 ? named : yield* ask('labels', [], (text) => labelsIn(text, scope));
      return yield* withPresent(
        issue,
        'labels',
        labels,
        removes,
        `${removes ? 'remove' : 'add'} the label ${labels.join(', ')} ${removes ? 'from' : 'to'}`,
      );
    },
  );
};

/** "assign acme/website#3 to @ben" */
export const readIssueAssign: Grammar = (clause, scope) => {
  const match = /^(assign|unassign)\s+(.+?)\s+(?:to|from)\s+(.+)$/i.exec(clause);
  if (!match || !isAboutIssue(clause, scope)) return null;
  const [first = '', second = ''] = [match[2], match[3]];
  const [issue, people] = /#\d|\bissue\b/i.test(second) ? [second, first] : [first, second];
  const logins = splitList(people, scope)
    .map((login) => login.replace(/^@/, ''))
    .filter((login) => /^[\w-]+$/.test(login) && !/^(?:me|myself)$/i.test(login));
  if (logins.length === 0) return null;
  const removes = /^unassign$/i.test(match[1] ?? '');
  return changeIssue(readIssueRef(issue, scope), scope, null, function* (found) {
    return yield* withPresent(
      found,
      'assignees',
      logins,
      removes,
      `${removes ? 'unassign' : 'assign'} ${logins.join(', ')} ${removes ? 'from' : 'to'}`,
    );
  });
};

function labelsIn(text: string, scope: Scope): string[] | null {
  const labels = readLabels(`label ${text}`, scope);
  return labels.length > 0 ? labels : null;
}

/** GitHub replaces the whole list, so those that are there are kept. */
function* withPresent(
  issue: Issue,
  key: 'labels' | 'assignees',
  named: readonly string[],
  removes: boolean,
  words: string,
): Plan<Change> {
  const label = `read ${issue.repository}#${issue.number}`;
  const found = yield* probeTool('github_issues_get', { ...issue }, label);
  if (!found.ok) return { ending: tellFailure(label, found) };
  const present = textsOf(found.data, key);
  const isNamed = (one: string) => named.some((name) => name.toLowerCase() === one.toLowerCase());
  const kept = present.filter((one) => !isNamed(one));
  return { args: { [key]: removes ? kept : [...kept, ...named] }, words };
}

function changeIssue(
  ref: IssueRef | null,
  scope: Scope,
  remark: string | null,
  change: (issue: Issue) => Plan<Change>,
): Request {
  return {
    reads: false,
    topic: ref ? { issue: ref } : {},
    *plan(): Plan {
      const issue = yield* settleIssue(ref, scope);
      if ('ending' in issue) return issue.ending;
      const place = `${issue.repository}#${issue.number}`;
      const wanted = yield* change(issue);
      if ('ending' in wanted) return wanted.ending;
      const said =
        remark === null
          ? null
          : yield* callTool('github_issues_createComment', { ...issue, body: remark }, `comment on ${place}`);
      if (said !== null && !said.ok)
        return tellFailure(`comment on ${place}, so I left the issue as it is`, said);
      const label = `${wanted.words} ${place}`;
      const result = yield* callTool('github_issues_update', { ...issue, ...wanted.args }, label);
      const done = tellDone(label, result, {
        subject: `Changed: ${place}`,
        sentence: `The issue ${place} was changed (${label}).`,
      });
      return said === null ? done : { ...done, text: `${said.summary}\n${done.text}` };
    },
  };
}
