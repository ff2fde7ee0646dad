import { signWebhook } from '../audit/stream/webhook.ts';
import { ask } from './doctor-ask.ts';
import { fail, pass, type Check } from './doctor-finding.ts';

const CHECK = 'audit webhook';

/** Whether the receiver of audit events takes what we sign: it is sent a post without events. */
export const checkAuditStream: Check = async ({ secrets, now, timeoutMs }) => {
  if (secrets.auditWebhook === null) return [];
  const { url, secret } = secrets.auditWebhook;
  const body = JSON.stringify({ type: 'audit.ping', events: [] });
  const headers = { 'content-type': 'application/json', ...signWebhook(secret, 'ping', now(), body) };
  const answer = await ask(url, { method: 'POST', headers, body }, { now, timeoutMs });
  const set =
    'Check AGENTDESK_AUDIT_WEBHOOK_URL and AGENTDESK_AUDIT_WEBHOOK_SECRET, and that the receiver runs.';
  if (answer.kind === 'silence') return [fail(CHECK, `The receiver does not answer: ${answer.problem}`, set)];
  return answer.status >= 200 && answer.status < 300
    ? [pass(CHECK, 'the receiver takes signed posts')]
    : [fail(CHECK, `The receiver answered ${answer.status}, so events wait`, set)];
};
