import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reveal, revealTarget } from '../../src/approvals/presentation-size.ts';
import { checkMessageBlocks, checkView } from '../../src/sandbox/slack/blocks/check.ts';
import { buildCard } from '../../src/slack/blocks/card.ts';
import type { CardCall } from '../../src/slack/blocks/card-state.ts';
import { buildEverything, paginate } from '../../src/slack/blocks/everything.ts';
import { buildReply, buildNoticeMessage, splitReply } from '../../src/slack/blocks/reply.ts';
import { buildDenyModal, buildNotice } from '../../src/slack/blocks/modals.ts';
import { approvalOf, markupIn, nasty, present, presentation, shownIn } from './presentations.ts';

const runs = { numRuns: 120 };
const call: fc.Arbitrary<CardCall | null> = fc.option(
  fc.record({
    status: fc.constantFrom(
      'pending',
      'approved',
      'executing',
      'done',
      'failed',
      'unknown',
      'expired',
      'cancelled',
    ),
    result: fc.oneof(
      fc.constant(null),
      fc.record({ summary: nasty, link: fc.oneof(nasty, fc.webUrl()) }),
      fc.anything(),
    ),
    errorMessage: fc.option(nasty),
  }),
);
const approval = fc
  .record({
    shown: presentation,
    status: fc.constantFrom('pending', 'approved', 'denied', 'expired', 'cancelled', 'superseded'),
    seenAt: fc.option(fc.constant(new Date('2026-11-24T11:00:00Z'))),
    decidedAt: fc.option(fc.constant(new Date('2026-11-24T11:00:00Z'))),
    decidedBy: fc.option(fc.oneof(fc.constant('U0BEN'), nasty)),
    reason: fc.option(nasty),
    code: fc.oneof(fc.constant('K7QX2M9D'), nasty),
  })
  .map(({ shown, ...change }) => approvalOf(shown, change));

describe('approval cards', () => {
  it('stay within Slack’s limits for any data', () => {
    fc.assert(
      fc.property(approval, call, (one, about) => {
        const card = buildCard(one, about);
        expect(checkMessageBlocks(card.blocks)).toEqual([]);
        expect(card.text.length).toBeLessThanOrEqual(4000);
      }),
      runs,
    );
  });

  it('take a word that every object knows for a word', () => {
    const shown = present({ service: 'valueOf', account: 'constructor' });
    expect(checkMessageBlocks(buildCard(approvalOf(shown), null).blocks)).toEqual([]);
    expect(shownIn(buildCard(approvalOf(shown), null).blocks)).toContain('valueOf account');
  });

  it('put nothing foreign into markup', () => {
    fc.assert(
      fc.property(approval, call, (one, about) => {
        const { blocks, text } = buildCard(one, about);
        for (const markup of markupIn(blocks)) {
          expect(markup).toMatch(
            /^Code `([0-9A-Z]{1,16}|–)` · (needs|asked for) [a-z, ]+( · open until <!date\^\d+\^\{time\}\|[\d: -]+UTC>)?$/,
          );
        }
        expect(text).not.toMatch(/[<>]/);
      }),
      runs,
    );
  });

  it('offer Approve only when everything is on the card or was opened', () => {
    fc.assert(
      fc.property(presentation, fc.boolean(), (shown, seen) => {
        const { blocks } = buildCard(
          approvalOf(shown, { seenAt: seen ? new Date('2026-11-24T11:00:00Z') : null }),
          null,
        );
        if (!JSON.stringify(blocks).includes('"action_id":"approve"')) return;
        const visible = seen && shown.size === 'paged' ? shownIn(paginate(shown)) : shownIn(blocks);
        for (const { value, before } of shown.fields) {
          if (shown.size === 'card') {
            expect(visible).toContain(reveal(value));
            expect(visible).toContain(reveal(before ?? ''));
          }
        }
        for (const target of shown.targets)
          expect(visible).toContain(shown.size === 'card' ? revealTarget(target) : '');
      }),
      runs,
    );
  });

  it('show a 100 kB body page by page, whole, and 500 recipients', () => {
    const body = Array.from({ length: 100_000 }, (_, index) => 'abc дом 😀\n'[index % 10] ?? '').join('');
    const targets = Array.from({ length: 500 }, (_, index) => ({
      kind: 'address',
      value: `person${index}@acme.test`,
      provenance: 'agent' as const,
      source: '',
      flags: ['first time'],
    }));
    const shown = present({ targets, fields: [{ label: 'Text', value: body.toWellFormed(), before: null }] });
    expect(shown.size).toBe('paged');
    const one = approvalOf(shown);
    const pages = paginate(shown);
    expect(pages.length).toBeGreaterThan(5);
    const seen = pages.map((_, page) => {
      const { view, last } = buildEverything(one, page);
      expect(checkView(view, 'modal')).toEqual([]);
      expect(JSON.stringify(view).length).toBeLessThan(200_000);
      expect(last).toBe(page === pages.length - 1);
      return view;
    });
    const text = pages
      .flat()
      .map((piece) => piece.text)
      .join('');
    expect(text).toContain(reveal(body.toWellFormed()));
    for (const target of targets) expect(text).toContain(target.value);
    expect(JSON.stringify(seen.slice(0, -1))).not.toContain('"action_id":"approve"');
    expect(JSON.stringify(buildCard(one, null).blocks)).not.toContain('"action_id":"approve"');
    expect(checkMessageBlocks(buildCard(one, null).blocks)).toEqual([]);
  });

  it('say that what is too large cannot be approved', () => {
    const shown = present({ fields: [{ label: 'Text', value: 'x'.repeat(400_000), before: null }] });
    expect(shown.size).toBe('too_large');
    const text = JSON.stringify([
      buildCard(approvalOf(shown), null).blocks,
      buildEverything(approvalOf(shown), 99).view,
    ]);
    expect(text).toContain('cannot be approved here');
    expect(text).not.toContain('"action_id":"approve"');
  });
});

describe('the paged view', () => {
  it('stays within Slack’s limits and loses nothing, for any data', () => {
    fc.assert(
      fc.property(presentation, (shown) => {
        const pages = paginate(shown);
        pages.forEach((_, page) => {
          expect(checkView(buildEverything(approvalOf(shown), page).view, 'modal')).toEqual([]);
        });
        const text = pages
          .flat()
          .map((piece) => piece.text)
          .join('');
        for (const { value, before } of shown.fields) {
          expect(text).toContain(reveal(value));
          expect(text).toContain(reveal(before ?? ''));
        }
        for (const target of shown.targets) expect(text).toContain(revealTarget(target));
      }),
      { numRuns: 30 },
    );
  });
});

describe('making text visible', () => {
  it('never shows two different texts alike', () => {
    const unmark = (text: string) =>
      text.replace(/⟨U\+([0-9A-F]+)⟩/g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)));
    fc.assert(
      fc.property(nasty, (text) => {
        expect(unmark(reveal(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a\u202eb', 'a⟨U+202E⟩b'],
    ['a\u200bb', 'a⟨U+200B⟩b'],
    ['tag\u{e0041}', 'tag⟨U+E0041⟩'],
    ['p\u0430ypal', 'p⟨U+0430⟩ypal'],
    ['Привет, мир', 'Привет, мир'],
    ['Grüße, 東京 2', 'Grüße, 東京 2'],
    ['end ', 'end⟨U+0020⟩'],
    ['e\u0301', 'e⟨U+0301⟩'],
    ['⟨U+202E⟩', '⟨U+27E8⟩U+202E⟩'],
    ['one\n\ntwo', 'one\n\ntwo'],
    ['tab\there', 'tab⟨U+0009⟩here'],
  ])('%j becomes %j', (text, shown) => {
    expect(reveal(text)).toBe(shown);
  });

  it('writes out every foreign letter of an address', () => {
    expect(revealTarget({ kind: 'address', value: 'аdmin@acme.test' })).toBe('⟨U+0430⟩dmin@acme.test');
  });
});

describe('answers and notices', () => {
  it('stay within Slack’s limits and are never parsed', () => {
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 8 }), (parts) => {
        for (const piece of splitReply(parts.join(' '))) {
          const { blocks, text } = buildReply(piece);
          expect(checkMessageBlocks(blocks)).toEqual([]);
          expect(markupIn(blocks)).toEqual([]);
          expect(text).not.toMatch(/[<>]/);
          expect(text.length).toBeLessThanOrEqual(40_000);
        }
      }),
      runs,
    );
  });

  it('split a long answer without losing a word', () => {
    const words = Array.from({ length: 4_000 }, (_, index) => `word${index}`);
    const pieces = splitReply(words.join(' '));
    expect(pieces.every((piece) => piece.length <= 3_500)).toBe(true);
    expect(pieces.join(' ')).toBe(words.join(' '));
  });

  it('show a link as the address it leads to', () => {
    const { blocks } = buildReply(
      'See [ours](https://evil.test/x) and https://github.com/acme/desk/issues/7.',
    );
    expect(JSON.stringify(blocks)).toContain(
      '{"type":"link","url":"https://github.com/acme/desk/issues/7","text":"https://github.com/acme/desk/issues/7"}',
    );
    expect(JSON.stringify(blocks)).toContain('"text":"https://evil.test/x"');
  });

  it('keep sentences whole, with mentions of members only', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(checkMessageBlocks(buildNoticeMessage(text || 'x').blocks)).toEqual([]);
        expect(checkView(buildNotice('AgentDesk', text || 'x'), 'modal')).toEqual([]);
        expect(checkView(buildDenyModal('id', text, text), 'modal')).toEqual([]);
      }),
      runs,
    );
    expect(buildNoticeMessage('Only <@U0BEN> & <!channel>').text).toBe(
      'Only <@U0BEN> &amp; &lt;!channel&gt;',
    );
  });
});
