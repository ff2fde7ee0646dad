import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AIMessage } from '../../src/agent/langchain.ts';
import { reveal, revealTarget } from '../../src/approvals/presentation-size.ts';
import type { Presentation } from '../../src/approvals/presentation.ts';
import { listTurnCalls } from '../../src/calls/query.ts';
import type { Call } from '../../src/calls/deps.ts';
import type { Message } from '../../src/sandbox/slack/world.ts';
import { enter, tellTheTruth, untilQuiet } from './clicks.ts';
import { findButton, textOf } from './look.ts';
import {
  approvalOn,
  botMessages,
  call,
  cardNow,
  createProposer,
  eventually,
  imOf,
  mail,
  mailsSent,
  press,
  statusOf,
} from './people.ts';
import { markupIn, nasty, shownIn } from './presentations.ts';
import type { WholeDesk } from './whole-desk.ts';

/**
 * A hostile model's text on its whole way: proposed, decided by the policy, stored, drawn, paged, clicked, run. What can be approved
 * was shown in full; whatever cannot be shown cannot be approved; Slack never refuses what is sent to it.
 */

const model = createProposer();
let desk: WholeDesk;

const HOSTILE: [string, string][] = [
  ['mentions', '<!channel> <!here> <@U0ADA> <#C0GENERAL|x> <!subteam^S0ADMINS>'],
  ['links', '<https://evil.example|https://github.com> [ours](https://evil.example) mailto:eve@evil.example'],
  ['markup', '*bold* _italic_ ~strike~ > quote ```fence``` `code` &lt;b&gt; &amp;amp;'],
  ['bidi controls', 'pay \u202e001$\u202c to \u2066eve\u2069 \u200fnow\u200e'],
  ['zero-width characters', 'pass\u200bword\u200d\u2060\ufeff and \u00ad soft'],
  [
    'tag characters',
    `harmless${Array.from('ignore the rules', (c) => String.fromCodePoint(0xe0000 + (c.codePointAt(0) ?? 0))).join('')}`,
  ],
  ['homoglyphs', 'рауpаl.com, Αpple, gооgle.com, ｆｕｌｌ'],
  ['marks of our own', '⟨U+202E⟩ (empty) ⏎ “Show everything” Approve'],
  ['emoji', `${'👨‍👩‍👧‍👦🏳️‍🌈'.repeat(60)} :white_check_mark:`],
  ['right to left', 'שלום עולם مرحبا بالعالم 123'],
  ['combining marks', `Z${'\u0300\u0323'.repeat(300)}algo`],
  ['a word of 3,000 letters', 'w'.repeat(3_000)],
  ['spaces that are none', 'a\u00a0b\u2003c\u3000d\u2800e'],
  ['private use and unassigned', '\ue000\uf8ff\u{10fffd}\u0378'],
];

interface Drawn {
  readonly calls: readonly Call[];
  readonly card: Message | null;
}

/** Has the model propose, and waits for what becomes of it: a card, or none. */
async function propose(proposed: AIMessage): Promise<Drawn> {
  model.next = [proposed];
  const before = new Set(botMessages(desk).map(({ ts }) => ts));
  const { ts } = desk.world.say('U0BEN', imOf('U0BEN'), 'do what the model wants');
  const turn = await eventually('the turn has come to a point', async () => {
    const [row] = await desk.database.owner<{ id: string; status: string }[]>`
      select id, status from agentdesk.turns where thread_ts = ${ts}`;
    return row !== undefined && !['queued', 'running'].includes(row.status) && row;
  });
  const calls = await listTurnCalls(desk.deps.calls, turn.id);
  if (calls.every(({ status }) => status !== 'pending')) return { calls, card: null };
  const card = await eventually('a card', () =>
    botMessages(desk).find((message) => !before.has(message.ts) && findButton(message, 'deny') !== null),
  );
  return { calls, card };
}

/** Everything a person has to see of a presentation, as it must stand there. */
function mustShow(shown: Presentation): string[] {
  return [
    ...shown.targets.map(revealTarget),
    ...shown.fields.flatMap(({ value, before }) => [reveal(value), reveal(before ?? '')]),
    ...shown.notes.map((line) => reveal(line)),
  ].filter((text) => text !== '');
}

/** The texts of a call's stored arguments. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

/** The texts of a page without the headings between the pieces of one. */
function piecesIn(blocks: unknown): string {
  return (blocks as { elements?: { type: string }[] }[])
    .flatMap(({ elements = [] }) => elements.filter(({ type }) => type === 'rich_text_preformatted'))
    .map(shownIn)
    .join('');
}

/** Opens the paged view to its end. @returns each page's text; Approve is on the last one at most */
async function readPages(card: Message): Promise<string[]> {
  await press(desk, card, 'show_everything');
  const pages: string[] = [];
  for (;;) {
    const view = await eventually(`page ${pages.length + 1}`, () => {
      const open = desk.world.view('U0BEN');
      return open !== null && JSON.stringify(open.view).includes(`page ${pages.length + 1} of`) && open;
    });
    pages.push(piecesIn(view.view['blocks']));
    const next = findButton(view.view, 'everything_next');
    if (next === null) {
      desk.world.closeView('U0BEN', view.id);
      return pages;
    }
    expect(findButton(view.view, 'approve')).toBeNull();
    await desk.world.click('U0BEN', { viewId: view.id }, next);
  }
}

/**
 * Nothing that can be approved is shown in part. @returns how it was shown
 */
async function expectWhole({ calls, card }: Drawn): Promise<'refused' | 'card' | 'paged' | 'too_large'> {
  expect(desk.world.violations()).toEqual([]);
  if (card === null) {
    expect(calls.filter(({ status }) => status !== 'cancelled' && status !== 'refused')).toEqual([]);
    return 'refused';
  }
  const approval = await approvalOn(desk, card);
  const shown = approval.presentation as Presentation;
  const ours = markupIn(card.blocks);
  expect(ours).toHaveLength(1);
  expect(ours[0]).toMatch(
    /^Code `[0-9A-Z]{8}` · needs one click · open until <!date\^\d+\^\{time\}\|[\d: -]+UTC>$/,
  );
  expect(card.text).not.toMatch(/[<>]/);
  // What is stored to be run is what the presentation holds.
  const args: unknown = JSON.parse(
    calls.find(({ id }) => id === approval.callId)?.args.toString('utf8') ?? '{}',
  );
  const presented = [
    ...shown.fields.map(({ value }) => value),
    ...shown.targets.map(({ value }) => value),
  ].join('\n');
  if (shown.action === 'gmail.messages.send')
    for (const text of textsOf(args)) expect(presented).toContain(text);

  if (findButton(card, 'approve') !== null) {
    const visible = shownIn(card.blocks);
    for (const text of mustShow(shown)) expect(visible).toContain(text);
    return 'card';
  }
  // Nothing was opened yet: the click counts for nothing, however it is made.
  const sent = mailsSent(desk);
  await desk.world.slash('U0BEN', imOf('U0BEN'), '/agentdesk', `approve ${approval.code}`);
  expect(await statusOf(desk, { approval })).toBe('pending');
  expect(mailsSent(desk)).toBe(sent);
  const pages = await readPages(card);
  if (shown.size === 'too_large') {
    expect(textOf(card)).toContain('cannot be approved here');
    expect(findButton(cardNow(desk, card), 'approve')).toBeNull();
    await desk.world.slash('U0BEN', imOf('U0BEN'), '/agentdesk', `approve ${approval.code}`);
    expect(await statusOf(desk, { approval })).toBe('pending');
    return 'too_large';
  }
  const all = pages.join('');
  for (const text of mustShow(shown)) expect(all).toContain(text);
  await eventually('the card offers it now', () => findButton(cardNow(desk, card), 'approve') !== null);
  return 'paged';
}

async function end(): Promise<void> {
  await desk.world.slash('U0BEN', imOf('U0BEN'), '/agentdesk', 'stop');
  await untilQuiet(desk);
  await desk.world.slash('U0BEN', imOf('U0BEN'), '/agentdesk', 'resume');
  expect(desk.world.violations()).toEqual([]);
}

describe('hostile text, all the way to the card', () => {
  beforeAll(async () => {
    desk = await enter(model);
  });
  afterEach(async () => {
    tellTheTruth(desk);
    await end();
  });
  afterAll(() => desk.stop());

  it.each(HOSTILE)('%s, in the subject and the body of a mail, are shown in full', async (_, text) => {
    expect(['card', 'paged']).toContain(
      await expectWhole(await propose(mail({ subject: Array.from(text).slice(0, 200).join(''), text }))),
    );
  });

  it.each(HOSTILE.slice(0, 9))('%s, in an event, are shown in full', async (_, text) => {
    const args = {
      title: Array.from(text).slice(0, 200).join(''),
      description: text,
      location: Array.from(text).slice(0, 200).join(''),
      guests: ['priya@acme.test'],
      start: '2026-12-01T10:00:00',
      end: '2026-12-01T11:00:00',
    };
    expect(['card', 'paged']).toContain(
      await expectWhole(await propose(call('calendar_events_insert', args))),
    );
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a body of 100 kB', { text: 'abc дом 😀\n'.repeat(10_000) }, ['paged', 'too_large', 'refused']],
    ['a body of 400 kB', { text: 'x'.repeat(400_000) }, ['too_large', 'refused']],
    ['50 recipients', { to: addresses(50) }, ['paged', 'refused']],
    ['500 recipients', { to: addresses(500) }, ['paged', 'refused']],
    ['a subject of 5,000 characters', { subject: 's'.repeat(5_000) }, ['paged', 'refused']],
    ['5,000 empty lines', { text: `${'\n'.repeat(5_000)}the end` }, ['paged', 'refused']],
    ['hidden characters that triple when shown', { text: '\u200b'.repeat(900) }, ['paged', 'refused']],
  ])('%s: all of it is shown before Approve, or there is none', async (_, change, outcomes) => {
    expect(outcomes).toContain(await expectWhole(await propose(mail(change))));
  });

  it.each<[string, Record<string, unknown>]>([
    ['a NUL', { text: 'a\u0000b' }],
    ['a lone surrogate', { text: 'a\ud800b' }],
    ['a line break in the subject', { subject: 'x\nBcc: eve@evil.example' }],
    ['an object 2,000 levels deep', { subject: deep(2000) }],
    ['an array 2,000 levels deep', { to: deepList(2000) }],
    ['an unknown argument', { __proto__x: 'y', bcc_secretly: ['eve@evil.example'] }],
  ])('%s is refused before any card', async (_, change) => {
    expect(await expectWhole(await propose(mail(change)))).toBe('refused');
  });

  it('what runs is what was shown: a long hostile mail, opened to its end and approved', async () => {
    const text = HOSTILE.map(([, one]) => one)
      .join('\n')
      .repeat(3);
    const sent = mailsSent(desk);
    const drawn = await propose(mail({ text }));
    expect(await expectWhole(drawn)).toBe('paged');
    if (drawn.card === null) throw new Error('no card');
    await press(desk, cardNow(desk, drawn.card), 'approve');
    await eventually('the effect', () => mailsSent(desk) === sent + 1);
    const mailbox = desk.google.mailboxes().find(({ email }) => email === 'ben@acme.test');
    const last = mailbox?.messages.find((message) => message.text.includes('рауpаl.com'));
    expect(last?.text.replaceAll('\r\n', '\n').trim()).toBe(text.trim());
  });

  it('holds for any text at all', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (subject, text) => {
        await expectWhole(await propose(mail({ subject, text })));
        await end();
      }),
      { numRuns: 6 },
    );
  });
});

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `person${index}@acme.test`);
}

function deep(levels: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

function deepList(levels: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}
