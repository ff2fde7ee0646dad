import type { AuditRow } from '../../audit/query.ts';
import { findKind } from '../../audit/vocabulary.ts';
import { nameService } from '../services.ts';
import { readDetail, shortDigest, type AuditDetail } from './audit-detail.ts';
import { capital, describeAnswer, nameActor, namePerson, type Naming } from './audit-words.ts';
import { makeStep, type Step } from './audit-step.ts';
import { describeEnd, describeLease, describeRequest } from './audit-steps-vault.ts';

const POLICY: ReadonlyMap<string, string> = new Map(
  Object.entries({
    allow: 'The policy allowed it',
    approve: 'The policy said: ask',
    approve_strong: 'The policy said: ask, on a second device too',
    deny: 'The policy refused it',
  }),
);

const FROM: ReadonlyMap<string, string> = new Map(
  Object.entries({
    message: 'a click on the card',
    card: 'a click on the card',
    home: 'a click in App Home',
    command: 'a typed command',
    batch: 'a typed command for several',
    device: 'the second device',
  }),
);

const TIERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    approve: 'one click',
    approve_strong: 'a click, then a second device',
  }),
);

type Describe = (row: AuditRow, detail: AuditDetail, naming: Naming) => Step;

const STEPS: Readonly<Record<string, Describe>> = {
  'message.received': (row, { text, surface }, naming) =>
    makeStep(
      `${capital(namePerson(row.memberId, naming))} wrote`,
      text == null ? null : `“${text.preview}”`,
      surface === 'channel' ? 'in a channel' : 'in a direct message',
      text == null ? null : `${text.length} characters, sha256 ${shortDigest(text.sha256)}`,
    ),
  'call.proposed': (row, { title, line, args_sha256: digest, args_bytes: bytes }, naming) =>
    makeStep(
      `${capital(nameActor(row.actor, naming))} proposed: ${title ?? row.action ?? ''}`,
      line ?? row.target,
      row.target === null ? null : `with the account ${row.target}, action ${row.action ?? ''}`,
      digest ? `all of it: ${bytes ?? '?'} bytes, digest ${shortDigest(digest)}` : null,
    ),
  'call.decided': describeDecision,
  'approval.requested': (row, { tier = '', expires_at: until }, naming) =>
    makeStep(
      `${capital(namePerson(row.memberId, naming))} ${row.memberId === naming.memberId ? 'were' : 'was'} asked`,
      `needs ${TIERS.get(tier) ?? 'an answer'}`,
      row.target,
      until ? `open until ${writeMoment(until)}` : null,
    ),
  'approval.shown': (row, _, naming) => makeStep(`${capital(nameActor(row.actor, naming))} opened all of it`),
  'approval.decided': (row, { from, tier, faster_than_reading: unread }, naming) =>
    makeStep(
      capital(describeAnswer(row, naming)),
      row.why === null ? null : `reason: ${row.why}`,
      from ? `by ${FROM.get(from) ?? from}` : null,
      tier === 'approve_strong' ? 'a second device has to confirm it' : null,
      unread === true ? '⚠ sooner than the card can be read' : null,
    ),
  'approval.proved': (_, { issuer, verifier }) =>
    makeStep('The signed answer was verified', issuer, verifier),
  'approval.device_asked': (_, { issuer }) => makeStep('Their own device was asked', issuer),
  'approval.confirmed': (_, { issuer = '' }) =>
    issuer === ''
      ? makeStep('A passkey confirmed it')
      : makeStep('Their own device confirmed it', `asked by ${issuer}`),
  'call.claimed': (_, { policy_version: version = '?' }) =>
    makeStep('It began', `policy version ${version} asked once more`),
  'call.settled': describeEnd,
  'lease.opened': describeLease,
  'lease.ended': describeLease,
  'token.exchanged': describeLease,
  'provider.requested': describeRequest,
};

/** An entry as a step of its story. Everything foreign is still to be revealed by who draws it. */
export function describeStep(row: AuditRow, naming: Naming): Step {
  const describe = Object.hasOwn(STEPS, row.type) ? STEPS[row.type] : undefined;
  return (describe ?? describeOther)(row, readDetail(row), naming);
}

function describeOther(row: AuditRow, detail: AuditDetail, naming: Naming): Step {
  return makeStep(
    (findKind(row.type)?.about ?? row.type).replace(/\.$/, ''),
    `by ${nameActor(row.actor, naming)}, ${row.outcome.replaceAll('_', ' ')}`,
    detail.label,
    row.target === null ? null : nameService(row.target),
    row.why,
    ...(detail.diff ?? []),
  );
}

function describeDecision(row: AuditRow, detail: AuditDetail, naming: Naming): Step {
  const title = POLICY.get(row.outcome);
  if (title === undefined)
    return makeStep(`The call is ${row.outcome}, by ${nameActor(row.actor, naming)}`, row.why);
  const rules = (detail.rules ?? []).map(({ id, reason, layer }) => `rule ${id} (${layer}): ${reason}`);
  return makeStep(
    title,
    ...(rules.length === 0 ? [row.why] : rules),
    detail.policy_version ? `policy version ${detail.policy_version}` : null,
  );
}

/** "2026-11-17 14:02 UTC" of a time as JSON has it; the text itself when it is none. */
function writeMoment(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
