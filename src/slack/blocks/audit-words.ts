import type { AuditLine } from '../../audit/read/lines.ts';
import type { AuditRow } from '../../audit/query.ts';
import { findKind } from '../../audit/vocabulary.ts';
import type { Reader } from '../home/read-audit.ts';
import { nameService } from '../services.ts';
import { readDetail } from './audit-detail.ts';
import { writeDuration } from './audit-when.ts';
import { tellPast } from './past.ts';
import { oneLine } from './text.ts';

/** Names people as the reader knows them. */
export type Naming = Pick<Reader, 'memberId' | 'names'>;

export function namePerson(id: string | null, { memberId, names }: Naming): string {
  if (id === null) return 'nobody in particular';
  return id === memberId ? 'you' : oneLine(names.get(id) ?? id, 80);
}

/** Who did it: a person's name, the agent, AgentDesk itself. */
export function nameActor(actor: string, naming: Naming): string {
  const [kind = '', name = ''] = actor.split(':', 2);
  if (kind === 'member') return namePerson(name, naming);
  if (kind === 'agent') return name === 'default' ? 'the agent' : `the agent ${oneLine(name, 60)}`;
  return kind === 'desk' ? 'AgentDesk' : kind === 'operator' ? 'the operator' : oneLine(actor, 80);
}

/** What was done, or was to be done, in a line: "Sent an e-mail: “New time” to priya@acme.test". */
export function describeWhat({ head, steps }: AuditLine, naming: Naming): string {
  const proposal = steps.find(({ type }) => type === 'call.proposed');
  if (proposal !== undefined && isOfCall(head)) {
    const { title = '', line = '' } = readDetail(proposal);
    const asked = steps.find(({ type }) => type === 'approval.requested');
    const about = line === '' ? (asked?.target ?? '') : line;
    const order = title === '' ? `Use ${head.action ?? 'an action'}` : title;
    const words = stateOf(steps) === 'done' ? tellPast(order) : order;
    return oneLine(about === '' ? words : `${words}: ${about}`, 260);
  }
  if (head.type === 'message.received') {
    const said = readDetail(head).text?.preview ?? '';
    return `${capital(namePerson(head.memberId, naming))} wrote: “${oneLine(said, 80)}”`;
  }
  return oneLine(describeOther(head, naming), 260);
}

/** An entry of a call that is not a remark of its own, such as that it was refused. */
function isOfCall({ type }: AuditRow): boolean {
  return type.startsWith('call.') && type !== 'call.refused';
}

/** Any other entry: what its type means, by whom, about what, and why. */
function describeOther(row: AuditRow, naming: Naming): string {
  const about = (findKind(row.type)?.about ?? row.type).split('. ')[0]?.replace(/\.$/, '') ?? '';
  const { label = '' } = readDetail(row);
  const target = row.target === null ? '' : nameService(row.target);
  const what = [label, target].filter((part) => part !== '').join(', ');
  const refused = row.type.endsWith('.refused') ? ` (${row.outcome.replaceAll('_', ' ')})` : '';
  const why = row.why === null ? '' : `: ${row.why}`;
  // Whom it was for is said before; that they did it themselves goes without saying.
  const isTheirs = row.actor === `member:${row.memberId}` && row.memberId !== naming.memberId;
  const parts = [`${about}${refused}`, isTheirs ? '' : `by ${nameActor(row.actor, naming)}`, what];
  return `${parts.filter((part) => part !== '').join(' · ')}${why}`;
}

/** Where a call stands: what it came to, else that it waits, runs or was never begun. */
function stateOf(steps: readonly AuditRow[]): string {
  const settled = steps.filter(({ type }) => type === 'call.settled').at(-1);
  if (settled !== undefined) return settled.outcome;
  const decided = steps.filter(({ type }) => type === 'call.decided').at(-1);
  return decided?.outcome ?? 'proposed';
}

/** How it was decided and went, in words: "approved by you in 14 s". Empty for what is no call. */
export function describeVerdict({ head, steps }: AuditLine, naming: Naming): string {
  if (!isOfCall(head)) return head.type === 'message.received' ? 'nothing was touched' : '';
  const state = stateOf(steps);
  const policy = steps.find(({ type }) => type === 'call.decided');
  const answer = steps.filter(({ type }) => type === 'approval.decided').at(-1);
  if (state === 'deny') return `refused by the policy: ${oneLine(policy?.why ?? 'no rule permits it', 200)}`;
  const how = answer === undefined ? describePolicy(policy) : describeAnswer(answer, naming);
  const end = ENDS.get(state);
  return [how, end].filter((part) => part !== undefined && part !== '').join(' · ');
}

const ENDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    failed: 'it failed',
    unknown: 'not known whether it happened',
    expired: 'nothing was done, time ran out',
    cancelled: 'cancelled, nothing was done',
    superseded: 'replaced by an edit',
    approved: 'not done yet',
    executing: 'under way',
  }),
);

function describePolicy(policy: AuditRow | undefined): string {
  if (policy === undefined) return '';
  return policy.outcome === 'allow' ? 'allowed by the policy' : 'waits for an answer';
}

/** "approved by you in 14 s" */
export function describeAnswer(row: AuditRow, naming: Naming): string {
  const { seconds, ms } = readDetail(row);
  const took = seconds ?? (ms == null ? null : ms / 1000);
  const time = took === null ? '' : ` in ${writeDuration(took)}`;
  if (row.outcome === 'expired') return 'nobody answered in time';
  return `${oneLine(row.outcome, 30)} by ${nameActor(row.actor, naming)}${time}`;
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
