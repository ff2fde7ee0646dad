import { digestOf } from '../db/canonical.ts';
import type { ConnectRequest } from '../vault/deps.ts';

/** What an approval of another link is of: which request, of whom, to whom. The request's id is random. */
export function digestLink({ id, workspaceId, memberId, connection, subject }: ConnectRequest): Buffer {
  return digestOf({
    v: 'agentdesk/link/1',
    request: id,
    workspace: workspaceId,
    member: memberId,
    issuer: connection,
    subject: subject ?? '',
  });
}
