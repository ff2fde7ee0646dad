import { isDeepStrictEqual } from 'node:util';
import type { CatalogEntry } from '../types.ts';
import { describePattern } from './action-words.ts';
import { describeRule } from './describe.ts';
import { isTypedRule, type AgentDeclaration, type LayerDocument, type LayerRule } from './types.ts';
import { joinWords } from './word-lists.ts';

/** What is different in `after`, one sentence a line; empty when both say the same. */
export function describeDiff(
  before: LayerDocument,
  after: LayerDocument,
  catalog: readonly CatalogEntry[],
): string[] {
  const say = (rule: LayerRule): string => describeRule(rule, catalog);
  const rules = pair(before.rules, after.rules, ({ id }) => id).flatMap(({ old, now }) => {
    if (old === undefined) return now === undefined ? [] : [`New rule: ${say(now)}`];
    if (now === undefined) return [`Rule removed: ${say(old)}`];
    return describeChange(old, now, say);
  });
  const agents = pair(before.agents, after.agents, ({ name }) => name).flatMap(describeAgent);
  const granted = listDifference(before.grantable, after.grantable);
  return [
    ...rules,
    ...agents,
    ...(granted.more.length > 0 ? [`Grants become possible for ${namePatterns(granted.more)}.`] : []),
    ...(granted.fewer.length > 0
      ? [`Grants are no longer possible for ${namePatterns(granted.fewer)}.`]
      : []),
  ];
}

function describeChange(old: LayerRule, now: LayerRule, say: (rule: LayerRule) => string): string[] {
  if (isDeepStrictEqual(old, now)) return [];
  const [was, is] = [say(old), say(now)];
  if (was !== is) return [`Rule changed: ${was} → ${is}`];
  const onlyNote =
    isTypedRule(old) && isTypedRule(now) && isDeepStrictEqual({ ...old, note: '' }, { ...now, note: '' });
  return [onlyNote ? `Note changed on the rule: ${is}` : `Rule rewritten, its sentence is the same: ${is}`];
}

function describeAgent({ old, now }: { old?: AgentDeclaration; now?: AgentDeclaration }): string[] {
  if (now === undefined) return old === undefined ? [] : [`The agent ${old.name} is no longer declared.`];
  if (old === undefined) {
    return [
      now.actions.length === 0
        ? `New agent ${now.name}, which may do nothing.`
        : `New agent ${now.name}, which may ${namePatterns(now.actions, 'plain')}.`,
    ];
  }
  const { more, fewer } = listDifference(old.actions, now.actions);
  return [
    ...(more.length > 0 ? [`The agent ${now.name} may now also ${namePatterns(more, 'plain')}.`] : []),
    ...(fewer.length > 0 ? [`The agent ${now.name} may no longer ${namePatterns(fewer, 'plain')}.`] : []),
  ];
}

function namePatterns(patterns: readonly string[], form: 'plain' | 'gerund' = 'gerund'): string {
  return joinWords(
    patterns.map((pattern) => describePattern(pattern)[form]),
    'and',
  );
}

function listDifference(before: readonly string[], after: readonly string[]) {
  return {
    more: after.filter((item) => !before.includes(item)),
    fewer: before.filter((item) => !after.includes(item)),
  };
}

/** What has the same key in both lists, in the order of `before` and then what is new. */
export function pair<T>(
  before: readonly T[],
  after: readonly T[],
  key: (item: T) => string,
): { old?: T; now?: T }[] {
  const later = new Map(after.map((item) => [key(item), item]));
  const earlier = new Set(before.map(key));
  return [
    ...before.map((old) => {
      const now = later.get(key(old));
      return now === undefined ? { old } : { old, now };
    }),
    ...after.filter((item) => !earlier.has(key(item))).map((now) => ({ now })),
  ];
}
