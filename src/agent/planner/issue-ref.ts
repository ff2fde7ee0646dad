import { tellFailure } from './answer.ts';
import type { Scope } from './grammar.ts';
import { ask, probeTool, type Ending, type Plan } from './plan.ts';
import { listOf, textOf } from './results.ts';

/** An issue as it was named; the repository may still be unknown. */
export interface IssueRef {
  readonly repository: string | null;
  readonly number: number;
}

const REPOSITORY = '(?<![\\w@/.-])([\\w-]{1,39}/[\\w.-]{0,99}[\\w-])';
const NOT_NAMES = /^(?:me|my|it|the|this|that|github|us|all|a|an|here|there|github\.com)$/i;

/** `owner/name` in the clause, or a bare name after "in", or null. */
export function readRepository(clause: string, scope: Scope): string | null {
  const link = /https?:\/\/[\w.:-]{1,100}\/([\w-]{1,39}\/[\w.-]{1,100})/i.exec(clause)?.[1];
  const full = link ?? new RegExp(REPOSITORY).exec(clause)?.[1];
  if (full) return full.replace(/\.git$/, '');
  const bare =
    /\b(?:in|for|of|on|from)\s+(?:the\s+|my\s+)?(?:repo(?:sitory)?\s+)?([\w.-]{2,100})(?=$|[\s,:;?])/i.exec(
      clause,
    )?.[1];
  return bare && !NOT_NAMES.test(bare) && !/^\d+$/.test(bare) ? bare : (scope.before?.repository ?? null);
}

/** `owner/name#3`, a link, "#3 in owner/name", "issue 3", or "it" after a clause about an issue; null when none. */
export function readIssueRef(clause: string, scope: Scope): IssueRef | null {
  const exact =
    /(?<![\w@/.-])([\w-]{1,39}\/[\w.-]{1,100}?)(?:#|\/issues\/|\s+(?:issue\s+)?#?)(\d{1,9})\b/i.exec(
      clause,
    ) ?? /https?:\/\/[\w.:-]{1,100}\/([\w-]{1,39}\/[\w.-]{1,100})\/issues\/(\d{1,9})/i.exec(clause);
  if (exact) return { repository: exact[1] ?? null, number: Number(exact[2]) };
  const number = /(?:\bissue\s*(?:number\s*|no\.?\s*)?#?|(?<![\w/])#)(\d{1,9})\b/i.exec(clause)?.[1];
  if (number !== undefined) {
    return {
      repository: readRepository(clause, scope) ?? scope.before?.issue?.repository ?? null,
      number: Number(number),
    };
  }
  return scope.before?.issue ?? null;
}

/** The clause without what names the issue or repository. */
export function withoutRef(clause: string): string {
  return clause
    .replace(/\b(?:in|on|for|of|to|from)\s+(?:the\s+)?(?:repo(?:sitory)?\s+)?https?:\/\/\S+/gi, ' ')
    .replace(/https?:\/\/\S+/gi, ' ')
    .replace(
      /(?:\b(?:in|on|for|of|at|from)\s+)?(?:the\s+)?(?:repo(?:sitory)?\s+)?(?:issue\s+)?(?<![\w@])[\w-]{1,39}\/[\w.-]{0,99}[\w-](?:\s*(?:issue\s+)?#\d{1,9})?(?:\s+repo(?:sitory)?\b)?/gi,
      ' ',
    )
    .replace(/\bissue\s*#?\d{1,9}\b|(?<!\w)#\d{1,9}\b/gi, ' ');
}

/** Makes sure that it is a full `owner/name`: a bare name is looked up among the person's repositories. */
export function* settleRepository(named: string | null): Plan<{ repository: string } | { ending: Ending }> {
  if (named?.includes('/')) return { repository: named };
  const lines: string[] = [];
  if (named !== null) {
    const label = 'look up your repositories';
    const found = yield* probeTool('github_repos_list', { max: 50 }, label);
    if (!found.ok) return { ending: tellFailure(label, found) };
    const names = listOf(found.data, 'repositories').map((one) => textOf(one, 'fullName'));
    const fitting = names.filter((name) => name.toLowerCase().endsWith(`/${named.toLowerCase()}`));
    if (fitting.length === 1 && fitting[0] !== undefined) return { repository: fitting[0] };
    lines.push(
      fitting.length === 0 ? `I see no repository called “${named}”.` : `Several fit: ${fitting.join(', ')}.`,
    );
  }
  return {
    repository: yield* ask('repository', lines, (text) => new RegExp(REPOSITORY).exec(text)?.[1] ?? null),
  };
}

/** Makes sure that the issue is known in full. */
export function* settleIssue(
  ref: IssueRef | null,
  scope: Scope,
): Plan<{ repository: string; number: number } | { ending: Ending }> {
  const named =
    ref ??
    (yield* ask('issue', [], (text) => {
      const told = readIssueRef(/^\s*\d+\s*$/.test(text) ? `#${text.trim()}` : text, scope);
      return told?.repository ? told : null;
    }));
  const settled = yield* settleRepository(named.repository);
  return 'ending' in settled ? settled : { repository: settled.repository, number: named.number };
}
