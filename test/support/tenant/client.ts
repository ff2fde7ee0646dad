import { need, oauthError, readFields, type Asked } from './wire.ts';
import type { World } from './world.ts';

/** Reads a request of the client, which authenticates by its secret in the body. */
export function readClientRequest(
  world: World,
  asked: Asked,
  known: readonly string[],
): Record<string, string> {
  const fields = readFields(asked, ['client_id', 'client_secret', ...known]);
  if (asked.headers.authorization !== undefined)
    throw oauthError(400, 'invalid_request', 'two ways to authenticate');
  if (need(fields, 'client_id') !== world.clientId || need(fields, 'client_secret') !== world.clientSecret)
    throw oauthError(401, 'invalid_client', 'Client authentication failed');
  return fields;
}
