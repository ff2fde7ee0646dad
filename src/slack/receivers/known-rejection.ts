import { redact } from '../../telemetry.ts';

const CLIENT = /[\\/]@slack[\\/](socket-mode|web-api)[\\/]/;

/**
 * Whether a rejection that nobody handled comes out of Slack's own client: 3.1.0 leaves some behind (an
 * `app_rate_limited` envelope, a disconnect while it reconnects, an acknowledgement on a closed socket). They are
 * worth a log line, never the process.
 */
export function isKnownSlackRejection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = (error as { code?: unknown }).code;
  if (typeof code === 'string' && code.startsWith('slack_socket_mode')) return true;
  return CLIENT.test(error.stack ?? '');
}

/** What went wrong, short enough for a log line. */
export function readProblem(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = (error as { original?: unknown }).original ?? error.cause;
  const deeper = cause instanceof Error ? ` (${readProblem(cause)})` : '';
  return redact(`${error.message}${deeper}`).slice(0, 300);
}
