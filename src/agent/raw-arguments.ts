/** A text two parsers read differently is not a slip of the pen. */
export const NAMED_TWICE = 'a name stands twice in the arguments';

/** LangChain refuses to read a checkpoint back that is nested 50 levels deep, its own among them; no action needs five. */
const MOST_LEVELS = 20;

/**
 * Reads a tool call's arguments from the text the model wrote. Strictly: what LangChain parsed will not do, because it
 * mends a text that was cut off, and half a mail is not what was asked for.
 * @returns the arguments, or why they cannot be taken
 */
export function readRawArguments(text: string): { args: Record<string, unknown> } | { unusable: string } {
  if (text.trim() === '') return { args: {} };
  let args: unknown;
  try {
    args = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { unusable: 'the arguments are not JSON' };
  }
  if (typeof args !== 'object' || args === null || Array.isArray(args))
    return { unusable: 'the arguments are not a JSON object' };
  if (isTooDeep(args)) return { unusable: 'the arguments are nested too deeply' };
  if (hasDuplicateKeys(text)) return { unusable: NAMED_TWICE };
  return { args: args as Record<string, unknown> };
}

/** Level by level, so that no depth is too much for it. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) return true;
    level = level.flatMap((item): unknown[] =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    );
  }
  return false;
}

/**
 * Whether a JSON text names a key twice in one object. `JSON.parse` keeps the last one, other parsers the first, so
 * such a text does not mean one thing; it has to be found before parsing.
 * @param text well-formed JSON
 */
export function hasDuplicateKeys(text: string): boolean {
  const stack: (Set<string> | null)[] = [];
  // Strings, and the brackets around them; everything else does not matter for keys.
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/gs;
  const colon = /\s*:/y;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (found === '{') stack.push(new Set());
    else if (found === '[') stack.push(null);
    else if (found === '}' || found === ']') stack.pop();
    else {
      const keys = stack.at(-1);
      colon.lastIndex = token.lastIndex;
      if (keys === null || keys === undefined || !colon.test(text)) continue;
      const key = JSON.parse(found) as string;
      if (keys.has(key)) return true;
      keys.add(key);
    }
  }
  return false;
}
