import type { Environment } from './config-readers.ts';
import type { AuditConfig, Secrets } from './config-types.ts';

const MAKE_SECRET =
  "make one with: node -e \"console.log('whsec_' + require('crypto').randomBytes(32).toString('base64'))\"";

export function readAudit(from: Environment): AuditConfig {
  return {
    witnessChannels: readChannels(from),
    stdout: from.choice('AGENTDESK_AUDIT_STDOUT', ['off', 'on']) === 'on',
    retentionMonths: from.integer('AGENTDESK_AUDIT_RETENTION_MONTHS', 0, 1_200),
    contentDays: Math.max(1, from.integer('AGENTDESK_CONTENT_DAYS', 0, 36_500)),
    format: from.choice('AGENTDESK_AUDIT_FORMAT', ['agentdesk', 'ocsf']),
  };
}

function readChannels(from: Environment): AuditConfig['witnessChannels'] {
  const parts = from.text('AGENTDESK_WITNESS_CHANNEL')?.split(',') ?? [];
  const found = parts.map((part) => /^(?:([TE][A-Z0-9]+)\/)?([CG][A-Z0-9]+)$/.exec(part.trim()));
  const lone = found.some((match) => match?.[1] === undefined);
  if (found.includes(null) || (lone && found.length > 1)) {
    from.problems.push(
      'AGENTDESK_WITNESS_CHANNEL must be the id of a channel (C…, at the end of its "About"), or T…/C… for each workspace, with commas between',
    );
  }
  return found.flatMap((match) =>
    match === null ? [] : [{ workspaceId: match[1] ?? null, channel: match[2] ?? '' }],
  );
}

/** Where events are posted. Nothing is sent that the receiver could not check. */
export function readAuditWebhook(from: Environment): Secrets['auditWebhook'] {
  const url = from.url('AGENTDESK_AUDIT_WEBHOOK_URL');
  const text = from.text('AGENTDESK_AUDIT_WEBHOOK_SECRET');
  if ((from.text('AGENTDESK_AUDIT_WEBHOOK_URL') === null) !== (text === null)) {
    from.problems.push(
      `AGENTDESK_AUDIT_WEBHOOK_URL and AGENTDESK_AUDIT_WEBHOOK_SECRET go together: set both or neither; ${MAKE_SECRET}`,
    );
  }
  if (url === null || text === null) return null;
  const base64 = text.replace(/^whsec_/, '');
  const secret = Buffer.from(base64, 'base64');
  if (!/^[A-Za-z0-9+/]+=*$/.test(base64) || secret.length < 24 || secret.length > 64) {
    from.problems.push(`AGENTDESK_AUDIT_WEBHOOK_SECRET must be 24 to 64 bytes in base64; ${MAKE_SECRET}`);
  }
  return { url, secret };
}
