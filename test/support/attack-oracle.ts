import type { Presentation } from '../../src/approvals/presentation.ts';
import type { TestDesk } from './desk.ts';

/** What was accounted for already, because rows may be tampered with afterwards. */
const accounted = new WeakMap<TestDesk, { effects: Set<string>; calls: Set<string> }>();

interface Covering {
  readonly id: string;
  readonly action: string;
  readonly args: string;
  readonly presentation: Presentation | null;
}

/**
 * Holds what the providers did since the last time against what was shown or allowed: each effect needs a call of its
 * own that covers it, allowed by the policy or with an approval that was given, proved and used, and whose
 * presentation names the effect's recipients, title and place.
 * @returns the effects nobody was shown
 */
export async function findUnshown(test: TestDesk): Promise<string[]> {
  const known = accounted.get(test) ?? { effects: new Set(), calls: new Set() };
  accounted.set(test, known);
  const fresh = [test.google.world, test.github.world].flatMap((world, index) =>
    world
      .effects()
      .map((effect, at) => ({ ...effect, key: `${index}/${at}` }))
      .filter(({ kind, key }) => ACTIONS[kind] !== undefined && !known.effects.has(key)),
  );
  const calls = fresh.length === 0 ? [] : await listCovering(test);
  return fresh.flatMap(({ kind, detail, key }) => {
    known.effects.add(key);
    const found = calls.find((call) => !known.calls.has(call.id) && covers(call, kind, detail));
    if (found === undefined) return [`${kind} ${detail}`];
    known.calls.add(found.id);
    return [];
  });
}

async function listCovering(test: TestDesk): Promise<Covering[]> {
  return test.database.owner<Covering[]>`
    select c.id, c.action, convert_from(c.args, 'UTF8') as args, p.presentation
    from agentdesk.calls c left join agentdesk.approvals p on p.call_id = c.id
    where c.status in ('executing', 'unknown', 'done') and (c.outcome = 'allow' or (
      p.status = 'approved' and p.proved_at is not null and p.consumed_at is not null))
    order by c.claimed_at`;
}

const ACTIONS: Readonly<Record<string, string>> = {
  'mail.sent': 'gmail.messages.send',
  'event.inserted': 'calendar.events.insert',
  'event.patched': 'calendar.events.patch',
  'event.deleted': 'calendar.events.delete',
  'issue.created': 'github.issues.create',
  'issue.updated': 'github.issues.update',
  'comment.created': 'github.issues.createComment',
};

/** How the stand-ins write down what happened; every group is something an approver must have seen. */
const DETAIL: Readonly<Record<string, RegExp>> = {
  mail: /^\S+ to (.*?): (.*)$/s,
  event: /^\S+: (.*), \d{4}-[^,]*(?:, with (.*))?$/s,
  issue: /^\S+: (\S+)#(\d+)/,
  comment: /^\S+: (\S+)#(\d+)$/,
};

function covers(call: Covering, kind: string, detail: string): boolean {
  if (ACTIONS[kind] !== call.action) return false;
  const { presentation: shown } = call;
  const text = (
    shown === null ? call.args : JSON.stringify([shown.targets, shown.fields, shown.line])
  ).toLowerCase();
  const found = DETAIL[kind.split('.')[0] ?? '']?.exec(detail);
  if (found === undefined || found === null) return false;
  const [, first = '', second = ''] = found;
  const parts = kind === 'mail.sent' ? [...first.split(', '), second] : [first, ...second.split(', ')];
  // A new issue's number is not known before.
  const must = kind === 'issue.created' ? [first] : parts;
  return must.every(
    (part) => part === '(no subject)' || text.includes(JSON.stringify(part.toLowerCase()).slice(1, -1)),
  );
}
