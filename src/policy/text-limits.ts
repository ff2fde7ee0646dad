/** Characters of Cedar text in one layer. */
const MAX_TEXT = 200_000;
/** Brackets within brackets; Cedar's WASM build traps somewhere above 100. */
const MAX_NESTING = 40;
/** Operators in one rule, which nest too (`a && b && c`); the build traps somewhere above 300. */
const MAX_OPERATORS = 150;

/** A string, a comment, or one of the tokens that count. */
const TOKEN =
  /"(?:[^"\\]|\\.)*"|\/\/[^\r\n]*|&&|\|\||[!=<>]=|[-+*.!<>;()[\]{}]|\b(?:if|has|like|in|is|when|unless)\b/g;

/**
 * Why Cedar text is refused before Cedar sees it, or `null`. Its parser recurses, and text that is nested too
 * deep kills the WASM instance for the whole process; so nesting is bounded on the raw text.
 * @returns the problem and the position (in characters) where it was found
 */
export function findTextProblem(text: string): { problem: string; position: number } | null {
  if (text.length > MAX_TEXT) return { problem: `it has more than ${MAX_TEXT} characters`, position: 0 };
  let nesting = 0;
  let operators = 0;
  for (const { 0: token, index: position } of text.matchAll(TOKEN)) {
    if (token.startsWith('"') || token.startsWith('//')) continue;
    if ('([{'.includes(token)) nesting += 1;
    else if (')]}'.includes(token)) nesting -= 1;
    else if (token === ';') operators = 0;
    else operators += 1;
    if (nesting > MAX_NESTING) return { problem: `more than ${MAX_NESTING} brackets are nested`, position };
    if (operators > MAX_OPERATORS)
      return { problem: `a rule has more than ${MAX_OPERATORS} operators; split it`, position };
  }
  return null;
}
