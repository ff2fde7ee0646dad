import { ProviderFailure } from './failure.ts';

const TIMEOUT_MS = 10_000;

export interface ProviderAnswer {
  readonly status: number;
  /** Parsed JSON; null for an empty or other body. */
  readonly body: unknown;
}

/**
 * One request to a provider: no retries, no redirects (a token must not follow one), ten seconds.
 * @throws ProviderFailure `down` or `limited`; any other status is the caller's to read
 */
export async function callProvider(url: string, init: RequestInit): Promise<ProviderAnswer> {
  const host = new URL(url).host;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = await response.text();
  } catch (cause) {
    throw new ProviderFailure('down', `${host} does not answer`, { cause });
  }
  if (response.status === 429) {
    throw new ProviderFailure('limited', `${host} limits our requests`, {
      retryAfter: readRetryAfter(response.headers.get('retry-after')),
    });
  }
  if (response.status >= 500) throw new ProviderFailure('down', `${host} answered ${response.status}`);
  return { status: response.status, body: parse(text) };
}

/** A form POST, as OAuth's endpoints want it. */
export function postForm(
  url: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<ProviderAnswer> {
  return callProvider(url, {
    method: 'POST',
    headers: { accept: 'application/json', ...headers },
    body: new URLSearchParams(fields),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Seconds, from either form of the header (RFC 9110 section 10.2.3); half a minute when there is none. */
function readRetryAfter(header: string | null): number {
  const seconds = Number(header ?? 'none');
  if (Number.isFinite(seconds)) return Math.max(1, Math.ceil(seconds));
  const wait = (Date.parse(header ?? '') - Date.now()) / 1000;
  return Number.isNaN(wait) ? 30 : Math.max(1, Math.ceil(wait));
}
