/** Longest time to wait for an answer. */
const TIMEOUT_MS = 10_000;

/** Why a POST was not taken. */
export interface PostProblem {
  /** Without the URL, which is a secret. */
  readonly what: string;
  /** Seconds the other side asked us to wait. */
  readonly retryAfter: number | null;
}

/** Sends a JSON body once; a redirect is not followed, it is a failure. @returns null when it was taken (2xx) */
export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<PostProblem | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (response.ok) return null;
    const after = Number(response.headers.get('retry-after'));
    return { what: `HTTP ${response.status}`, retryAfter: after > 0 ? after : null };
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Error';
    return { what: name === 'TimeoutError' ? 'no answer' : 'not reachable', retryAfter: null };
  }
}
