/**
 * Whether a JSON text names a key twice in one object. `JSON.parse` keeps the last one, other parsers the first, so
 * such a text does not mean one thing; it has to be found before parsing.
 * @param text well-formed JSON
 */
export function hasDuplicateKeys(text: string): boolean {
  const stack: (Set<string> | null)[] = [];
  // Strings, and the brackets around them; everything else does not matter for keys.
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (found === '{') stack.push(new Set());
    else if (found === '[') stack.push(null);
    else if (found === '}' || found === ']') stack.pop();
    else {
      const keys = stack.at(-1);
      const isKey = /^\s*:/.test(text.slice(token.lastIndex, token.lastIndex + 200));
      if (keys === null || keys === undefined || !isKey) continue;
      const key = JSON.parse(found) as string;
      if (keys.has(key)) return true;
      keys.add(key);
    }
  }
  return false;
}
