import { DeskError, ProviderError } from '../errors.ts';
import type { ProviderContext } from './provider/context.ts';
import { toRefusalError, type Refusal } from './provider/refusal.ts';

/** Failures of connecting: no byte of the request was sent, so nothing can have happened. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];
const DEEPEST_CAUSE = 8;

/**
 * Turns whatever a provider client, Octokit or `fetch` threw into a `DeskError`.
 * An error of our own (the lease's refusal, a missing account, an answer already read) passes unchanged,
 * however deep the client wrapped it in `cause`; an answer of the provider becomes the error for its status;
 * everything else is a lost connection or a timeout, after which a write may have happened.
 */
export function toProviderError(error: unknown, about: ProviderContext): DeskError {
  const chain = listCauses(error);
  const ours = chain.find((cause) => cause instanceof DeskError);
  if (ours !== undefined) return ours;
  for (const cause of chain) {
    const refusal = readRefusal(cause);
    if (refusal !== null) return toRefusalError(refusal, about);
  }
  const neverSent = chain.some((cause) => NEVER_SENT.includes(String(readProperty(cause, 'code'))));
  return new ProviderError(
    'provider_unreachable',
    { service: about.service },
    { status: null, effectPossible: about.effect && !neverSent, cause: error },
  );
}

function listCauses(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (
    let cause = error;
    cause != null && chain.length < DEEPEST_CAUSE;
    cause = readProperty(cause, 'cause')
  ) {
    chain.push(cause);
  }
  return chain;
}

/** Gaxios' and Octokit's errors carry `response`; without one, Octokit's status 500 is its own invention. */
function readRefusal(error: unknown): Refusal | null {
  const response = readProperty(error, 'response');
  const status = readProperty(response, 'status');
  if (typeof status !== 'number') return null;
  const headers = new Headers();
  const raw = readProperty(response, 'headers');
  const entries = raw instanceof Headers ? raw.entries() : Object.entries(raw ?? {});
  for (const [name, value] of entries) headers.set(name, String(value));
  return { status, headers, body: readProperty(response, 'data') };
}

function readProperty(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
