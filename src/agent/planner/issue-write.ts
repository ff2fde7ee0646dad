import { tellDone } from './answer.ts';
import { argsOf, tidy, type Grammar } from './grammar.ts';
import { sortHidden } from './hidden-parts.ts';
import { readIssueRef, readRepository, settleIssue, settleRepository, withoutRef } from './issue-ref.ts';
import { readAssignees, readLabels, withoutWords } from './issue-words.ts';
import { ask, callTool, type Plan } from './plan.ts';
import { textOf } from './results.ts';

const CREATE =
  /^(?:open|create|file|report|add|raise|make|log|new|submit|start)\b.*?\b(?:issue|ticket|bug(?! to\b| label))\b/is;

/** "open an issue in acme/website titled 'Broken link' saying 'see /about' labelled bug" */
export const readIssueCreate: Grammar = (clause, scope) => {
  if (
    !CREATE.test(clause) ||
    /#\d|\/issues\/\d|\bissue \d/i.test(clause) ||
    /\b(?:comment|label)s?\b.{0,20}\bto\b/i.test(clause)
  )
    return null;
  const labels = readLabels(clause, scope);
  const assignees = readAssignees(clause, scope);
  const named = readRepository(withoutWords(clause), scope);
  const { title, text, rest } = sortHidden(withoutWords(clause));
  const isOnlyTitle = title === null && text !== null && !/\bsaying|\bbody|\bdescription/i.test(clause);
  const words =
    title ??
    (isOnlyTitle ? text : null) ??
    /\b(?:titled|called|named|title:?|about|for|that)\s+(.+?)\s*$/is.exec(
      withoutRef(rest).replace(/\s+/g, ' '),
    )?.[1] ??
    '';
  const spoken = tidy(words, scope) || tidy(/:\s*([^:]+)$/.exec(rest)?.[1] ?? '', scope);
  const body = isOnlyTitle || text === null ? undefined : scope.reveal(text);
  return {
    reads: false,
    topic: { ...(named ? { repository: named } : {}), ...(spoken ? { title: spoken } : {}) },
    *plan(): Plan {
      const settled = yield* settleRepository(named);
      if ('ending' in settled) return settled.ending;
      const { repository } = settled;
      const name = spoken || (yield* ask('issueTitle', [], (answer) => answer.trim() || null));
      const label = `open the issue “${name}” in ${repository}`;
      const args = argsOf({ repository, title: name, body, labels, assignees });
      const result = yield* callTool('github_issues_create', args, label);
      const number = result.ok ? textOf(result.data, 'number') : '';
      return tellDone(label, result, {
        subject: name,
        sentence: `There is a new issue: ${repository}#${number} “${name}”.`,
      });
    },
  };
};

const COMMENT =
  /^(?:comment|(?:add|leave|post|write|make)\s+(?:a\s+|the\s+)?comment|reply|respond|say|answer)\b/i;

/** "comment on acme/website#3: fixed", "add a comment 'done' to #3 in acme/website" */
export const readIssueComment: Grammar = (clause, scope) => {
  if (!COMMENT.test(clause)) return null;
  const ref = readIssueRef(clause, scope);
  if (
    /^(?:reply|respond|say|answer)\b/i.test(clause) &&
    (!/#\d|\/issues\/\d|\bissue\b/i.test(clause) || ref === null)
  )
    return null;
  const { title, text } = sortHidden(clause);
  const body = text ?? title;
  return {
    reads: false,
    topic: ref ? { issue: ref } : {},
    *plan(): Plan {
      const issue = yield* settleIssue(ref, scope);
      if ('ending' in issue) return issue.ending;
      const words =
        body === null ? yield* ask('comment', [], (answer) => answer.trim() || null) : scope.reveal(body);
      const place = `${issue.repository}#${issue.number}`;
      const label = `comment on ${place}`;
      const result = yield* callTool('github_issues_createComment', { ...issue, body: words }, label);
      return tellDone(label, result, {
        subject: `Comment on ${place}`,
        sentence: `There is a new comment on ${place}.`,
      });
    },
  };
};
