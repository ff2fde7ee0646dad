import type { Secrets } from '../config-types.ts';
import { redact } from '../telemetry.ts';

/** Shorter ones would blot out ordinary words, and are no secrets. */
const SHORTEST = 6;

/** @returns what takes every secret of ours out of a text, whatever a server or driver put into it */
export function createVeil(secrets: Secrets): (text: string) => string {
  const hidden: string[] = [];
  const collect = (value: unknown): void => {
    if (Buffer.isBuffer(value)) hidden.push(value.toString('base64'), value.toString('hex'));
    else if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === 'string') {
      hidden.push(value);
      if (!URL.canParse(value)) return;
      const { password } = new URL(value);
      hidden.push(password, decode(password));
    }
  };
  const { slackClient, ...rest } = secrets;
  Object.values(rest).forEach(collect);
  collect(slackClient?.secret);
  const longFirst = hidden.filter((text) => text.length >= SHORTEST).sort((a, b) => b.length - a.length);
  return (text) => redact(longFirst.reduce((veiled, secret) => veiled.replaceAll(secret, '[secret]'), text));
}

/** A password as it was meant; one that was not written as a URL demands stays as it is. */
function decode(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch (error) {
    if (error instanceof URIError) return password;
    throw error;
  }
}
