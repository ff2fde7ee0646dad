import { tidy, type Scope } from './grammar.ts';
import { HIDDEN } from './mask.ts';

const WORD = `(?:${HIDDEN}|(?!assign|titled|saying|it\\b|and\\b|with\\b|in\\b|to\\b|the\\b)[\\w-]+(?: (?:first issue|wanted))?)`;
const LIST = `(${WORD}(?:(?:\\s*,\\s*(?:and\\s+)?|\\s+and\\s+)${WORD})*)`;
const LABELS = new RegExp(
  `\\b(?:labell?ed(?:\\s+(?:as|with))?|(?:label|tag)\\s+it(?:\\s+(?:as|with))?|(?:with\\s+)?(?:the\\s+)?labels?:?|tagged(?:\\s+(?:as|with))?)\\s+${LIST}`,
  'i',
);
const ASSIGNEES = /\bassign(?:ed|ing)?(?:\s+it)?\s+(?:to\s+)?(@?[\w-]+(?:(?:\s*,\s*|\s+and\s+)@?[\w-]+)*)/i;

/** Labels named by "labelled bug and docs", "with label bug", "tagged 'good first issue'". */
export function readLabels(clause: string, scope: Scope): string[] {
  return splitList(LABELS.exec(clause)?.[1] ?? '', scope);
}

/** GitHub logins named by "assigned to @ada and ben"; "me" is left out, for the login is not known here. */
export function readAssignees(clause: string, scope: Scope): string[] {
  return splitList(ASSIGNEES.exec(clause)?.[1] ?? '', scope)
    .map((login) => login.replace(/^@/, ''))
    .filter((login) => !/^(?:me|it|myself)$/i.test(login));
}

/** The clause without labels and assignees. */
export function withoutWords(clause: string): string {
  return clause.replace(LABELS, ' ').replace(ASSIGNEES, ' ');
}

/** "bug, docs and 'good first issue'" */
export function splitList(text: string, scope: Scope): string[] {
  const parts = text.split(/\s*,\s*(?:and\s+)?|\s+and\s+/i).map((part) => tidy(part, scope));
  return [...new Set(parts.filter((part) => part !== ''))];
}
