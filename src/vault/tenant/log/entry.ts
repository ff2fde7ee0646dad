import { z } from 'zod';

/** What of an entry of the tenant's log is looked at. */
export interface LogEntry {
  readonly logId: string;
  readonly type: string;
  readonly at: Date;
  /** Empty when the tenant does not say whose token it was. */
  readonly subject: string;
  readonly connection: string | null;
}

/** Exchanges at the Token Vault, done and failed, and everything about device requests. */
const TYPES = /^(seta|feta|ciba_[a-z_]{1,60})$/;
/** Older ones are history, not news. */
const DAYS = 7;

const Entry = z.object({
  log_id: z.string().min(1).max(200),
  type: z.string(),
  date: z.coerce.date(),
  user_id: z.string().max(300).nullish(),
  client_id: z.string().nullish(),
  connection: z.string().max(200).nullish(),
  details: z
    .looseObject({ connection: z.string().max(200).optional().catch(undefined) })
    .nullish()
    .catch(null),
});

/** The Management API gives entries as they are; a log stream wraps each (https://auth0.com/docs: log streams). */
const Wrapped = z.looseObject({ log_id: z.string().optional(), data: z.looseObject({}) });

/**
 * The entries that are about us: of our client, or of none that is named, and not too old.
 * @param values entries of the Management API or of a log stream, mixed with others
 */
export function pickEntries(values: readonly unknown[], clientId: string, now: Date): LogEntry[] {
  return values.flatMap((value) => {
    const wrapped = Wrapped.safeParse(value);
    const { success, data } = Entry.safeParse(
      wrapped.success ? { log_id: wrapped.data.log_id, ...wrapped.data.data } : value,
    );
    if (!success || !TYPES.test(data.type)) return [];
    if (typeof data.client_id === 'string' && data.client_id !== clientId) return [];
    if (now.getTime() - data.date.getTime() > DAYS * 86_400_000) return [];
    const { log_id: logId, type, date: at, user_id: subject, connection, details } = data;
    return [
      { logId, type, at, subject: subject ?? '', connection: connection ?? details?.connection ?? null },
    ];
  });
}

/**
 * Reads a body of a log stream: a JSON array, one object, or JSON lines.
 * @returns null when it is none of them
 */
export function readStream(body: string): unknown[] | null {
  try {
    const whole: unknown = JSON.parse(body);
    return Array.isArray(whole) ? (whole as unknown[]) : [whole];
  } catch {
    return readLines(body);
  }
}

function readLines(body: string): unknown[] | null {
  try {
    return body
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line): unknown => JSON.parse(line));
  } catch {
    return null;
  }
}
