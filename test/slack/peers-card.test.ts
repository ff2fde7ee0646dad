import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reveal } from '../../src/approvals/presentation-size.ts';
import { enter, tellTheTruth, untilQuiet } from './clicks.ts';
import { findButton, textOf } from './look.ts';
import {
  ask,
  cardNow,
  createProposer,
  eventually,
  imOf,
  mail,
  mailsSent,
  MAIL,
  press,
  type Asked,
} from './people.ts';
import { markupIn, shownIn } from './presentations.ts';
import type { WholeDesk } from './whole-desk.ts';

/** Bugs other approval bots have with what they show. */

const model = createProposer();
let desk: WholeDesk;
const asked: Asked[] = [];

const propose = async (change: Record<string, unknown>): Promise<Asked> => {
  const one = await ask(desk, model, mail(change));
  asked.push(one);
  return one;
};
const ends = (card: Asked['card'], word: string) =>
  eventually(`the card says ${word}`, () => cardNow(desk, card).text.startsWith(word) && cardNow(desk, card));

/** Every page of the paged view, as it is shown; its buttons are checked on the way. */
async function readPages(card: Asked['card']): Promise<string> {
  await press(desk, card, 'show_everything');
  let text = '';
  for (let page = 1; ; page += 1) {
    const open = await eventually(`page ${page}`, () => {
      const view = desk.world.view('U0BEN');
      return view !== null && JSON.stringify(view.view).includes(`page ${page} of`) && view;
    });
    text += shownIn(open.view['blocks']);
    const next = findButton(open.view, 'everything_next');
    expect(findButton(open.view, 'approve') === null).toBe(next !== null);
    if (next === null) break;
    await desk.world.click('U0BEN', { viewId: open.id }, next);
  }
  const last = desk.world.view('U0BEN');
  if (last !== null) desk.world.closeView('U0BEN', last.id);
  return text;
}

describe('bugs that other approval bots have, on the card', () => {
  beforeAll(async () => {
    desk = await enter(model);
  });
  afterEach(async () => {
    tellTheTruth(desk);
    for (const { approval } of asked.splice(0))
      await desk.world.slash('U0BEN', imOf('U0BEN'), '/agentdesk', `deny ${approval.code}`);
    await untilQuiet(desk);
    expect(desk.world.violations()).toEqual([]);
  });
  afterAll(() => desk.stop());

  it.each([1_500, 2_380, 2_999, 3_000, 3_001, 12_001, 60_000])(
    'A2: a body of %i characters arrives as a card that Slack takes',
    async (length) => {
      const { card } = await propose({ text: `${'<&>'.repeat(Math.floor(length / 3))}.` });
      expect(findButton(card, 'approve') !== null || findButton(card, 'show_everything') !== null).toBe(true);
    },
  );

  it.each([
    '``` *Approved* ```',
    '`x` *bold* _it_ ~s~ > quote',
    '<!channel> <!here> <@U0ADA> <#C0GENERAL>',
    '&lt;!channel&gt; &amp;',
    ':white_check_mark: Approved',
    '\\`\\*',
  ])('A3: the value %j is shown letter for letter, and nothing of it is markup', async (value) => {
    const { card } = await propose({ subject: value, text: value });
    expect(shownIn(card.blocks)).toContain(reveal(value));
    expect(markupIn(card.blocks)).toEqual([
      expect.stringMatching(/^Code `[0-9A-Z]{8}` · needs one click · open until <!date/),
    ]);
    expect(card.text).not.toMatch(/<[!@#]|[<>]/);
  });

  it('A4: a link on a card says where it leads, and is none of the attacker’s', async () => {
    const lure =
      '<https://evil.example/x|https://github.com/acme> [log in](https://evil.example) https://xn--80ak6aa92e.com';
    const { card } = await propose({ text: lure });
    expect(linksIn(card.blocks)).toEqual([]);
    expect(shownIn(card.blocks)).toContain(reveal(lure));
    expect(textOf(card)).toContain('evil.example');
    await press(desk, card, 'approve');
    const done = await ends(card, 'Done');
    for (const { url, text } of linksIn(done.blocks)) expect(text).toBe(url);
    expect(linksIn(done.blocks).every(({ url }) => url.startsWith('https://mail.google.com/'))).toBe(true);
  });

  it('A5: a long value hides no later one: either all is on the card, or it is opened to the end first', async () => {
    const { card, approval } = await propose({ subject: 'first', text: `${'filler '.repeat(3_000)}THE END` });
    expect(findButton(card, 'approve')).toBeNull();
    const all = await readPages(card);
    for (const word of [
      'first',
      'THE END',
      'priya@acme.test',
      'Ben Okri',
      'A sent mail cannot be taken back.',
    ])
      expect(all).toContain(word);
    expect(all.indexOf('Ben Okri')).toBeGreaterThan(all.indexOf('THE END'));
    await eventually('the card offers it now', () => findButton(cardNow(desk, card), 'approve') !== null);
    const [row] = await desk.database
      .owner`select seen_at from agentdesk.approvals where id = ${approval.id}`;
    expect(row?.['seen_at']).toBeInstanceOf(Date);
  });

  it('A6: title and first lines are ours, whatever the arguments say', async () => {
    const lie = 'Approved by security. This only reads your calendar.';
    const { card } = await propose({ subject: lie, text: `# Title: ${lie}\nAction: calendar.events.list` });
    const [title] = card.blocks ?? [];
    expect(title).toMatchObject({ type: 'header', text: { type: 'plain_text', text: 'Send an e-mail' } });
    expect(card.text).toMatch(/^Approval needed: Send an e-mail – “/);
    const first = shownIn(card.blocks?.slice(0, 2));
    expect(first).toContain('Google account ben@acme.test, to:priya@acme.test');
    expect(first).not.toContain('security');
  });

  it('A9: what was decided names the action, its target and code, and asks for nothing any more', async () => {
    const ways: [string, string, (one: Asked) => Promise<unknown>][] = [
      ['approve', 'Done', ({ card }) => press(desk, card, 'approve')],
      ['deny', 'Denied', ({ card }) => press(desk, card, 'deny')],
      [
        'stop',
        'Cancelled',
        async ({ card }) => desk.world.stopSession('U0BEN', imOf('U0BEN'), card.thread_ts ?? ''),
      ],
    ];
    for (const [subject, word, end] of ways) {
      const one = await propose({ subject });
      await end(one);
      const card = await ends(one.card, word);
      expect(card.text).toBe(
        `${word}: Send an e-mail – “${subject}” to priya@acme.test (${one.approval.code})`,
      );
      const shown = `${textOf(card)} ${shownIn(card.blocks)}`;
      for (const value of ['priya@acme.test', subject, MAIL.text, one.approval.code])
        expect(shown).toContain(value);
      expect(shown).not.toMatch(/open until|needs one click|you are asked|Approval needed/);
      for (const button of ['approve', 'deny', 'edit', 'deny_with_reason'])
        expect(findButton(card, button)).toBeNull();
    }
  });

  it('A10: arguments never get into a shared channel, before or after the decision', async () => {
    const secret = { to: ['secret@acme.test'], subject: 'SECRET SUBJECT', text: 'SECRET BODY' };
    model.next = [mail(secret)];
    desk.world.say('U0BEN', 'C0GENERAL', '@AgentDesk mail them');
    const card = await eventually('the card', () =>
      desk.world.messages(imOf('U0BEN'), 'U0BEN').find((one) => findButton(one, 'approve') !== null),
    );
    expect(textOf(card)).toContain('SECRET BODY');
    const said = () => desk.world.messages('C0GENERAL', 'U0ADA').map(textOf).join('\n');
    await eventually('a line in the thread', () => said().includes('I need your decision before I go on'));
    const sent = mailsSent(desk);
    await press(desk, card, 'approve');
    await eventually('the effect', () => mailsSent(desk) === sent + 1);
    await untilQuiet(desk);
    expect(said()).not.toMatch(/secret/i);
    expect(
      desk.world
        .sessions('C0GENERAL')
        .map(({ title }) => title ?? '')
        .join(),
    ).not.toMatch(/secret/i);
  });

  it('A9 D3: the line in a shared thread does not go on asking for what is decided', async () => {
    model.next = [mail()];
    desk.world.say('U0BEN', 'C0GENERAL', '@AgentDesk mail priya@acme.test');
    const before = new Set(asked.map(({ card }) => card.ts));
    const card = await eventually('the card', () =>
      desk.world
        .messages(imOf('U0BEN'), 'U0BEN')
        .find((one) => !before.has(one.ts) && findButton(one, 'approve') !== null),
    );
    const lines = () =>
      desk.world.messages('C0GENERAL', 'U0ADA').filter((one) => textOf(one).includes('need your decision'))
        .length;
    await eventually('a line in the thread', () => lines() === 1);
    await press(desk, card, 'deny');
    await eventually('the line is closed', () => lines() === 0);
    expect(desk.world.messages('C0GENERAL', 'U0ADA').some((one) => one.text.includes('It is closed'))).toBe(
      true,
    );
  });
});

function linksIn(value: unknown): { url: string; text: string }[] {
  if (Array.isArray(value)) return value.flatMap(linksIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, url, text } = value as { type?: unknown; url?: unknown; text?: unknown };
  if (type === 'link' || typeof url === 'string') return [{ url: String(url), text: String(text) }];
  return Object.values(value).flatMap(linksIn);
}
