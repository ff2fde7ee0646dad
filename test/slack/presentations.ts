import fc from 'fast-check';
import type { Presentation } from '../../src/approvals/presentation.ts';
import { measureSize } from '../../src/approvals/presentation-size.ts';
import type { CardApproval } from '../../src/slack/blocks/card-state.ts';

/** Text as hostile as it gets: any code unit, markup, hidden characters, and much of it. */
export const nasty: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '',
    ' ',
    '\n\n',
    '<!channel> <@U0ADA> <https://evil.test|https://github.com/ours> &amp;',
    '*bold* `code` ~x~ > quote :smile:',
    'a\u202eb\u200bc\u2066d\u{e0041}',
    'раyраl.com',
    '👨‍👩‍👧‍👦'.repeat(40),
    '<&>'.repeat(900),
  ),
  fc
    .tuple(fc.constantFrom('x', '<', '\u202e', '😀', 'ж', '\n', '\ud800'), fc.integer({ min: 0, max: 9_000 }))
    .map(([one, times]) => one.repeat(times)),
);

const target = fc.record({
  kind: fc.constantFrom('address', 'repository', 'issue', 'calendar', 'event', 'message'),
  value: nasty,
  provenance: fc.constantFrom('you' as const, 'fetched' as const, 'agent' as const),
  source: nasty,
  flags: fc.array(nasty, { maxLength: 3 }),
});

const field = fc.record({ label: nasty, value: nasty, before: fc.option(nasty) });

export const presentation: fc.Arbitrary<Presentation> = fc
  .record({
    title: nasty,
    line: nasty,
    account: nasty,
    service: nasty,
    targets: fc.array(target, { maxLength: 25 }),
    fields: fc.array(field, { maxLength: 25 }),
    notes: fc.array(nasty, { maxLength: 12 }),
    why: nasty,
    rules: fc.array(nasty, { maxLength: 6 }),
    tier: fc.constantFrom('approve' as const, 'approve_strong' as const),
    claimed: fc.option(fc.constantFrom('card' as const, 'paged' as const, 'too_large' as const)),
  })
  .map(({ claimed, ...shown }) => ({
    v: 1,
    code: 'K7QX2M9D',
    action: 'gmail.messages.send',
    hint: '',
    revision: 1,
    ...shown,
    size: claimed ?? measureSize(shown),
  }));

/** A plain presentation to change one thing of. */
export function present(change: Partial<Presentation> = {}): Presentation {
  const shown = {
    targets: [
      { kind: 'address', value: 'priya@acme.test', provenance: 'you' as const, source: '', flags: [] },
    ],
    fields: [{ label: 'Subject', value: 'Hello', before: null }],
    notes: [],
    why: 'mail priya',
    ...change,
  };
  return {
    v: 1,
    code: 'K7QX2M9D',
    tier: 'approve',
    action: 'gmail.messages.send',
    title: 'Send an e-mail',
    line: 'to priya@acme.test',
    account: 'ben@acme.test',
    service: 'Google',
    rules: ['Sending mail needs your approval.'],
    hint: 'priya@acme.test',
    revision: 1,
    size: measureSize(shown),
    ...shown,
  };
}

export function approvalOf(shown: Presentation, change: Partial<CardApproval> = {}): CardApproval {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    kind: 'call',
    status: 'pending',
    code: 'K7QX2M9D',
    tier: shown.tier,
    expiresAt: new Date('2026-11-24T12:00:00Z'),
    executeBy: null,
    strongAt: null,
    seenAt: null,
    decidedAt: null,
    decidedBy: null,
    decidedFrom: null,
    reason: null,
    presentation: shown,
    ...change,
  };
}

/** Every string in the parts of blocks that Slack parses as markup. */
export function markupIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(markupIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as { type?: unknown; text?: unknown };
  if (type === 'mrkdwn' && typeof text === 'string') return [text];
  return Object.values(value).flatMap(markupIn);
}

/** Every string that is shown. */
export function shownIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(shownIn).join('');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([name, entry]) => (name === 'text' && typeof entry === 'string' ? entry : shownIn(entry)))
    .join('');
}
