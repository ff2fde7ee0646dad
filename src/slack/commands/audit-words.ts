import type { AuditFilter } from '../../audit/read/filter.ts';
import { readFilterPart } from '../home/audit-filter.ts';

/** What was typed after `/agentdesk audit`. */
export type AuditWords =
  | { readonly kind: 'lines'; readonly filter: AuditFilter; readonly count: number }
  /** A word that looks like a filter and is none. */
  | { readonly kind: 'wrong'; readonly word: string };

const USUAL = 10;
const MOST = 40;

/**
 * Reads `for @Ben on:2026-11-17 service:gmail outcome:done 20 priya`: a number is how many, `name:value` a filter, `for`
 * a member, eight capitals or digits a code, and the rest a text to look for.
 */
export function readAuditWords(words: readonly string[]): AuditWords {
  let filter: AuditFilter = {};
  let count = USUAL;
  const rest: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const named = /^([a-z]+):(.+)$/.exec(word);
    const isFor = word === 'for' && readMember(words[index + 1]) !== null;
    if (/^\d{1,3}$/.test(word)) count = Number(word);
    else if (isFor || readMember(word) !== null) {
      filter = { ...filter, member: readMember(isFor ? words[(index += 1)] : word) ?? undefined };
    } else if (named !== null) {
      const [, name = '', value = ''] = named;
      const part = readFilterPart(name, readMember(value) ?? value);
      if (part === null) return { kind: 'wrong', word };
      filter = { ...filter, ...part };
    } else if (words.length === 1 && /^(?=.*\d)[0-9A-Za-z]{8}$|^[0-9A-Z]{8}$/.test(word)) {
      filter = { ...filter, ...readFilterPart('code', word) };
    } else rest.push(word);
  }
  const text = readFilterPart('text', rest.join(' '));
  return { kind: 'lines', filter: { ...filter, ...text }, count: Math.min(MOST, Math.max(1, count)) };
}

/** A member as Slack writes one that was picked from its list: `@U…`. */
function readMember(word: string | undefined): string | null {
  return /^@([UW][A-Z0-9]{2,20})$/.exec(word ?? '')?.[1] ?? null;
}
