import { tellFailure, tellIssue, tellIssues, tellRepositories } from './answer.ts';
import { argsOf, type Grammar } from './grammar.ts';
import { readIssueRef, readRepository, settleIssue, settleRepository } from './issue-ref.ts';
import { readLabels } from './issue-words.ts';
import { callTool, type Plan } from './plan.ts';

/** "list my repos", "which repositories do I have" */
export const readRepositories: Grammar = (clause) => {
  if (
    !/\b(?:repos?|repositories)\b/i.test(clause) ||
    /\bissues?\b|#\d|\bmails?\b|\b[\w-]+\/[\w.-]+/i.test(clause)
  )
    return null;
  if (
    !/^(?:list|show|what|which|my|see|get|display|view|give|find|do|repos?|repositories|all|the)\b/i.test(
      clause,
    )
  )
    return null;
  const max = /\b(?:first|top|last)\s+(\d{1,2})\b/i.exec(clause)?.[1];
  return {
    reads: true,
    topic: {},
    *plan(): Plan {
      const label = 'list your repositories';
      const args = max ? { max: Math.min(50, Math.max(1, Number(max))) } : {};
      const result = yield* callTool('github_repos_list', args, label);
      return result.ok ? { ok: true, text: tellRepositories(result.data) } : tellFailure(label, result);
    },
  };
};

const LIST =
  /^(?:open|closed|all|list|show|any|what|which|how many|are|is|do|my|get|find|see|check|display|view|give|issues|fetch)\b/i;

/** "open issues in acme/website", "list closed issues in acme/website labelled bug" */
export const readIssueList: Grammar = (clause, scope) => {
  if (!/\bissues\b/i.test(clause) || !LIST.test(clause) || /#\d|\bissues\/\d|\bissue #?\d/i.test(clause))
    return null;
  if (/\b(?:mails?|e-?mails?)\b/i.test(clause)) return null;
  const state = /\bclosed\b/i.test(clause)
    ? 'closed'
    : /\ball (?:the )?issues\b|\bopen and closed\b/i.test(clause)
      ? 'all'
      : undefined;
  const labels = readLabels(clause, scope);
  const named = readRepository(
    clause.replace(
      /\b(?:labell?ed|with (?:the )?labels?|tagged)\b.*$/i,
      (tail) => /\bin\s.*$/i.exec(tail)?.[0] ?? '',
    ),
    scope,
  );
  return {
    reads: true,
    topic: named ? { repository: named } : {},
    *plan(): Plan {
      const settled = yield* settleRepository(named);
      if ('ending' in settled) return settled.ending;
      const { repository } = settled;
      const label = `list the issues of ${repository}`;
      const result = yield* callTool('github_issues_list', argsOf({ repository, state, labels }), label);
      if (!result.ok) return tellFailure(label, result);
      const kind = state === 'all' ? 'All' : state === 'closed' ? 'Closed' : 'Open';
      return { ok: true, text: tellIssues(result.data, `${kind} issues in ${repository}`) };
    },
  };
};

/** "show issue acme/website#3", "what is acme/website#3 about", or the reference alone */
export const readIssue: Grammar = (clause, scope) => {
  const isAsked =
    /^(?:show|open|read|get|view|see|display|describe|look at|what|fetch|find)\b/i.test(clause) ||
    /^(?:issue\s+)?(?:[\w-]+\/[\w.-]+#|https?:\/\/\S+\/issues\/)\d+$/i.test(clause);
  const names = /#\d|\/issues\/\d|\bissue\b/i.test(clause);
  if (!isAsked || !names || /\b(?:titled|called|saying|comment|mail)\b|\b(?:an|new) issue\b/i.test(clause))
    return null;
  const ref = readIssueRef(clause, scope);
  if (/^open\b/i.test(clause) && !/#?\d/.test(clause)) return null;
  return {
    reads: true,
    topic: ref ? { issue: ref } : {},
    *plan(): Plan {
      const issue = yield* settleIssue(ref, scope);
      if ('ending' in issue) return issue.ending;
      const label = `read ${issue.repository}#${issue.number}`;
      const result = yield* callTool('github_issues_get', { ...issue }, label);
      return result.ok
        ? { ok: true, text: tellIssue(result.data, issue.repository) }
        : tellFailure(label, result);
    },
  };
};
