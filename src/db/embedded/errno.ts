/** Whether the error is one of the system errors named (`ENOENT`, …) or has one of the SQLSTATEs given. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
