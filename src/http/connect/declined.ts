import { DeskError } from '../../errors.ts';
import { refuseConnect } from '../../vault/accounts/refuse.ts';
import type { ConnectRequest } from '../../vault/deps.ts';
import { connectCookie } from '../cookie.ts';
import { answerProblem } from '../error-page.ts';
import type { HttpDoorOptions } from '../options.ts';
import type { Reply } from '../reply.ts';

/**
 * The browser came back with an error instead of a code: the request ends here.
 * @param error the protocol's word for it (RFC 6749 §4.1.2.1)
 * @param where who sent the browser back, in words
 */
export async function endDeclined(
  door: HttpDoorOptions,
  request: ConnectRequest,
  error: string,
  where: string,
): Promise<Reply> {
  const declined = error === 'access_denied';
  const problem = declined ? `you declined at ${where}` : `${where} reported ${error}`;
  const refused = await refuseConnect(
    door.vault,
    request,
    new DeskError('connect_failed', { problem }),
    problem,
  );
  return {
    ...answerProblem(declined ? 403 : 502, refused.message),
    cookie: connectCookie(request.id).clear(door.publicUrl()),
  };
}
