import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/policy/evaluate.ts';
import type { Outcome, PolicyCall } from '../../src/policy/types.ts';
import { CATALOG, callOf, prepare } from './policy-calls.ts';

const own = { guests: [], recipients: [], calendar: 'primary', calendarShared: false };
const inside = { recipients: ['ben@acme.com'] };
const outside = { recipients: ['ben@acme.com', 'eve@evil.example'] };
const firstTime = { context: { firstTimeRecipients: true } };
const unknownTime = { context: { firstTimeRecipients: null } };

const TABLE: readonly [string, PolicyCall, Outcome, string][] = [
  ['reads', callOf('gmail.messages.list'), 'allow', 'default.reads'],
  ['reads by a guest', callOf('gmail.messages.list', {}, { role: 'guest' }), 'allow', 'default.reads'],
  ['a draft inside', callOf('gmail.drafts.create', inside), 'allow', 'default.drafts'],
  [
    'a draft to someone new inside',
    callOf('gmail.drafts.create', inside, firstTime),
    'allow',
    'default.drafts',
  ],
  ['a draft to someone known outside', callOf('gmail.drafts.create', outside), 'allow', 'default.drafts'],
  [
    'a draft to someone new outside',
    callOf('gmail.drafts.create', outside, firstTime),
    'approve',
    'default.drafts-new-external',
  ],
  [
    'a draft outside, new or not is unknown',
    callOf('gmail.drafts.create', outside, unknownTime),
    'approve',
    'default.drafts-new-external',
  ],
  [
    'a draft to nobody yet',
    callOf('gmail.drafts.create', { recipients: [] }, unknownTime),
    'allow',
    'default.drafts',
  ],
  [
    'a draft, recipients unknown',
    callOf('gmail.drafts.create', {}, unknownTime),
    'approve',
    'default.drafts-new-external',
  ],
  [
    'two addresses in one',
    callOf('gmail.drafts.create', { recipients: ['e@evil.example,b@acme.com'] }, firstTime),
    'approve',
    'default.drafts-new-external',
  ],
  [
    'a subdomain of ours',
    callOf('gmail.drafts.create', { recipients: ['a@x.acme.com'] }, firstTime),
    'approve',
    'default.drafts-new-external',
  ],
  [
    'upper case of ours',
    callOf('gmail.drafts.create', { recipients: ['Ben@ACME.com'] }, firstTime),
    'allow',
    'default.drafts',
  ],
  ['mail inside', callOf('gmail.messages.send', inside), 'approve', 'default.mail'],
  ['my own event', callOf('calendar.events.insert', own), 'allow', 'default.calendar-own'],
  [
    'an event with myself as guest',
    callOf('calendar.events.patch', { ...own, guests: ['Ada@acme.com'] }),
    'allow',
    'default.calendar-own',
  ],
  [
    'an event with a guest',
    callOf('calendar.events.insert', { ...own, guests: ['ben@acme.com'] }),
    'approve',
    'default.calendar-others',
  ],
  [
    'an event whose removed guest is mailed',
    callOf('calendar.events.patch', { ...own, ...inside }),
    'approve',
    'default.calendar-others',
  ],
  [
    'a shared calendar',
    callOf('calendar.events.insert', { ...own, calendarShared: true }),
    'approve',
    'default.calendar-others',
  ],
  [
    'shared or not is unknown',
    callOf('calendar.events.insert', { ...own, calendarShared: null }),
    'approve',
    'default.calendar-others',
  ],
  [
    'guests unknown',
    callOf('calendar.events.patch', { recipients: [], calendarShared: false }),
    'approve',
    'default.calendar-others',
  ],
  ['a deletion', callOf('calendar.events.delete', own), 'approve', 'default.deletes'],
  ['an issue', callOf('github.issues.create', { repository: 'acme/website' }), 'approve', 'default.issues'],
  ['a comment', callOf('github.issues.createComment'), 'approve', 'default.issues'],
  ['an issue update', callOf('github.issues.update'), 'approve', 'default.issues'],
  [
    'a guest writing',
    callOf('calendar.events.insert', own, { role: 'guest' }),
    'deny',
    'default.guests-read-only',
  ],
  [
    'a guest deleting',
    callOf('calendar.events.delete', own, { role: 'guest' }),
    'deny',
    'default.guests-read-only',
  ],
  ['an admin mailing', callOf('gmail.messages.send', inside, { role: 'admin' }), 'approve', 'default.mail'],
  ['an unknown action', callOf('gmail.messages.trash'), 'deny', 'unknown_action'],
];

describe('the default policy', () => {
  const policy = prepare();

  it.each(TABLE)('%s', (_, call, outcome, rule) => {
    const decision = evaluate(policy, call);
    expect(decision.problem).toBeUndefined();
    expect([decision.outcome, decision.rules.map(({ id }) => id)]).toEqual([outcome, [rule]]);
    expect(decision.policyVersion).toBe('v7');
    expect(decision.rules[0]?.reason).toMatch(/^[A-Z].*\.$/);
  });

  it('has no rule that can never apply', () => {
    expect(policy.warnings).toEqual([]);
  });

  it('denies a new write until it declares a default', () => {
    const trash = { id: 'gmail.messages.trash', service: 'gmail', risk: 'write' } as const;
    const outcomes = ([undefined, 'allow', 'approve', 'approve_strong', 'deny'] as const).map(
      (defaultTier) => {
        const entry = defaultTier ? { ...trash, defaultTier } : trash;
        return evaluate(prepare({}, [...CATALOG, entry]), callOf(trash.id)).outcome;
      },
    );
    expect(outcomes).toEqual(['deny', 'allow', 'approve', 'approve_strong', 'deny']);
  });

  it('lets a default tighten a read and a deletion, never loosen them or a rule that stands written', () => {
    const read = {
      id: 'gmail.settings.get',
      service: 'gmail',
      risk: 'read',
      defaultTier: 'approve_strong',
    } as const;
    const removal = {
      id: 'gmail.drafts.delete',
      service: 'gmail',
      risk: 'delete',
      defaultTier: 'allow',
    } as const;
    const known = CATALOG.map((entry) => ({ ...entry, defaultTier: 'allow' as const }));
    const policy = prepare({}, [...known, read, removal]);
    expect(evaluate(policy, callOf(read.id)).outcome).toBe('approve_strong');
    expect(evaluate(policy, callOf(removal.id)).outcome).toBe('approve');
    expect(evaluate(policy, callOf('gmail.messages.send', inside)).outcome).toBe('approve');
  });
});
