/**
 * "a, b or c".
 * @param most how many are named; the others are counted
 */
export function joinWords(items: readonly string[], word: 'and' | 'or', most = Infinity): string {
  const shown = items.length > most ? items.slice(0, most) : items;
  const rest = items.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  const last = all.at(-1) ?? '';
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} ${word} ${last}`;
}
