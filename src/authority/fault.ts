/**
 * An unexpected error as it may be logged. The ORM puts a failed query's values into its message, and those hold
 * what came in a request, so only the innermost error is told.
 */
export function describeFault(error: unknown): unknown {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause !== undefined) innermost = innermost.cause;
  return innermost;
}
