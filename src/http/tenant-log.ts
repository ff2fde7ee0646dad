import { showsToken } from './bearer.ts';
import { answerNotFound } from './error-page.ts';
import type { HttpDoorOptions } from './options.ts';
import { replyJson, type Reply } from './reply.ts';
import type { Visit } from './router.ts';

/** What a log stream may send at once: Auth0 sends up to 100 entries of some kilobytes. */
export const LOG_BYTES = 1024 * 1024;

/** Where the tenant's log stream posts (https://auth0.com/docs: custom log streams using webhooks). */
export async function takeTenantLog(door: HttpDoorOptions, { caller, json }: Visit): Promise<Reply> {
  if (door.tenantLog === null) return answerNotFound();
  const { token, take } = door.tenantLog;
  if (!showsToken(caller.authorization, token)) {
    door.log.warn('a log stream without the token of the tenant was refused');
    return {
      ...replyJson(401, { error: 'Send "Authorization: Bearer" with AUTH0_LOG_STREAM_TOKEN.' }),
      challenge: 'Bearer',
    };
  }
  const taken = await take(json ?? '');
  if (taken === null) return replyJson(400, { error: 'Send JSON: an array, or one object a line.' });
  return replyJson(200, { taken });
}
