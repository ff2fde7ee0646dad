/** The 1-based line of a position counted in characters. */
export function lineAtCharacter(text: string, position: number): number {
  return text.slice(0, Math.max(position, 0)).split('\n').length;
}

/** The 1-based line of a position counted in UTF-8 bytes, as Cedar counts. */
export function lineAtByte(text: string, position: number): number {
  return lineAtCharacter(Buffer.from(text).subarray(0, position).toString(), Infinity);
}
