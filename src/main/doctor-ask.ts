/** What came of asking a server: an HTTP answer, whatever its status, or the reason why there was none. */
export type Answer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Headers;
      /** At most the first 4 MB. */
      readonly text: string;
      /** How far the server's clock is ahead of ours by its Date header (RFC 9110 §6.6.1), within about a second. */
      readonly skewMs: number | null;
    }
  | { readonly kind: 'silence'; readonly problem: string };

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * One request, never repeated. Redirects are not followed, so a token goes nowhere but where it was sent.
 * @param by our clock, and how many milliseconds the whole exchange may take
 */
export async function ask(
  url: string,
  init: RequestInit,
  by: { readonly now: () => Date; readonly timeoutMs: number },
): Promise<Answer> {
  const sent = by.now().getTime();
  try {
    const signal = AbortSignal.timeout(by.timeoutMs);
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const middle = (sent + by.now().getTime()) / 2;
    // The header has whole seconds, cut off: half a second is the best guess at the rest.
    const stamped = Date.parse(response.headers.get('date') ?? '') + 500;
    return {
      kind: 'answer',
      status: response.status,
      headers: response.headers,
      text: await readStart(response),
      skewMs: Number.isNaN(stamped) ? null : stamped - middle,
    };
  } catch (error) {
    return { kind: 'silence', problem: describeSilence(error, by.timeoutMs) };
  }
}

async function readStart(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > MAX_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Codes of Node's sockets and of OpenSSL, in words. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'nothing listens there'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'its name does not resolve'],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/, 'there is no way to it from here'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'it broke the connection off'],
  [/CERT|UNABLE_TO_VERIFY/, 'its certificate is not trusted'],
  [/^ERR_SSL/, 'it does not speak TLS'],
];

/** Why a request got no answer. */
export function describeSilence(error: unknown, timeoutMs: number): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause ?? (at as AggregateError).errors?.[0]) {
    if (at.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
    const code = String((at as { code?: unknown }).code ?? '');
    const words = WORDS.find(([pattern]) => pattern.test(code))?.[1];
    if (words !== undefined) return `${words} (${code})`;
  }
  return error instanceof Error ? error.message.slice(0, 200) : 'the request failed';
}
