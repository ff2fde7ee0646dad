import { DeskError } from '../../errors.ts';

/** What Slack or a provider sends back with the browser (RFC 6749 §4.1.2). */
interface Callback {
  readonly state: string;
  readonly answer: { readonly code: string } | { readonly error: string };
}

/**
 * @param codeNames the names the code may have, in order
 * @throws DeskError `connect_expired` when it is not a callback, or names something twice (RFC 6749 §3.1)
 */
export function readCallback(query: URLSearchParams, codeNames: readonly string[]): Callback {
  const read = (name: string): string | null => {
    const values = query.getAll(name);
    const [value = ''] = values;
    return values.length === 1 && value !== '' && value.length <= 2048 ? value : null;
  };
  const state = read('state');
  const error = read('error');
  const code = codeNames.map(read).find((value) => value !== null) ?? null;
  if (state === null) throw new DeskError('connect_expired');
  // Error codes are words of the protocol; anything else is not repeated to anyone.
  if (error !== null) return { state, answer: { error: /^\w{1,60}$/.test(error) ? error : 'an error' } };
  if (code === null) throw new DeskError('connect_expired');
  return { state, answer: { code } };
}
