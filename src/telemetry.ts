import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Field names whose values never reach a log line, at any depth we log. */
const SECRET_FIELDS = [
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'authorization',
  'Authorization',
  'client_secret',
  'password',
  'secret',
  'cookie',
  'code_verifier',
  'client_assertion',
  'subject_token',
  'auth_req_id',
];

/** Shapes of credentials; a second net for text that came from elsewhere (error messages, URLs). */
const SECRET_SHAPES =
  /\b(?:xox[abeprs]-[\w-]+|xapp-[\w-]+|gh[opsur]_\w+|github_pat_\w+|ya29\.[\w.-]+|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|sk-[\w-]{16,}|1\/\/[\w-]{20,})/g;

/** Replaces what looks like a credential. */
export function redact(text: string): string {
  return text
    .replace(SECRET_SHAPES, '[redacted]')
    .replace(/(postgres(?:ql)?:\/\/[^:\s]+:)[^@\s]+@/g, '$1[redacted]@');
}

/**
 * The process's logger: JSON lines on stdout, redacted by field name and by shape.
 * @param level pino's level names
 */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '[redacted]',
      },
      serializers: { error: describeError, err: describeError },
      hooks: { streamWrite: redact },
    },
    ...(destination === undefined ? [] : [destination]),
  );
}

/** An error as it may be logged: code, message, where; no request bodies, headers or causes' properties. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: redact(String(error)) };
  const code: unknown = (error as { code?: unknown }).code;
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: redact(error.message).slice(0, 2000),
    stack: redact(error.stack ?? '')
      .split('\n')
      .slice(1, 8)
      .map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
