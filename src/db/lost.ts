/**
 * A connection that is gone: the driver's own codes, the operating system's, and SQLSTATE 57P01 to 57P03 (the server
 * shuts down, crashed, or is starting). https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const LOST = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
]);

/** Whether an error, wherever it was wrapped, says that the connection is gone. */
export function isConnectionLost(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code: unknown = (at as { code?: unknown }).code;
    if (typeof code === 'string' && LOST.has(code)) return true;
  }
  return false;
}
