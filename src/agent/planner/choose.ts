const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];

/**
 * Reads which of a numbered list the person means: "2", "#2", "the second one", "the last".
 *
 * @param matches the fallback: whether an item fits the words; it counts when exactly one item does
 */
export function pickFrom<T>(
  items: readonly T[],
  words: string,
  matches: (item: T, words: string) => boolean,
): T | null {
  const said = words
    .trim()
    .toLowerCase()
    .replace(/[.!?]+$/, '');
  const number = /^(?:number |no\.? |nr\.? |#|option )?(\d{1,2})[.)]?$/.exec(said)?.[1];
  if (number !== undefined) return items[Number(number) - 1] ?? null;
  const word = /^(?:the )?(\w+)(?: one)?$/.exec(said)?.[1] ?? '';
  if (word === 'last') return items.at(-1) ?? null;
  if (ORDINALS.includes(word)) return items[ORDINALS.indexOf(word)] ?? null;
  const fitting = /[\p{L}\p{N}]/u.test(said) ? items.filter((item) => matches(item, words)) : [];
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

/** "1. …" lines, at most 10. */
export function numberLines(lines: readonly string[]): string[] {
  const shown = lines.slice(0, 10).map((line, index) => `${index + 1}. ${line}`);
  return lines.length > 10 ? [...shown, `… and ${lines.length - 10} more.`] : shown;
}

/** Whether every word of `wanted` is the start of a word in `text` ("stand" fits "Standup"). */
export function fitsWords(text: string, wanted: string): boolean {
  const present = wordsOf(text);
  return wordsOf(wanted).every((word) => present.some((one) => one.startsWith(word)));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
