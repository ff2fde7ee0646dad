/** The word that is most like what was typed; null when none is close. */
export function findNearest(typed: string, words: readonly string[]): string | null {
  const wanted = typed.toLowerCase().slice(0, 40);
  let best: string | null = null;
  let least = Math.max(2, Math.floor(wanted.length / 2)) + 1;
  for (const word of words) {
    const distance = word.startsWith(wanted) && wanted.length > 1 ? 1 : countEdits(wanted, word);
    if (distance < least) [best, least] = [word, distance];
  }
  return best;
}

/** Levenshtein distance: insertions, deletions and replacements between two short words. */
function countEdits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
