import { describe, expect, it } from 'vitest';
import { checkMessageBlocks, checkView } from '../../src/sandbox/slack/blocks/check.ts';

const long = (length: number): string => 'x'.repeat(length);
const plain = (text = 'x'): object => ({ type: 'plain_text', text });
const mrkdwn = (text = 'x'): object => ({ type: 'mrkdwn', text });
const section = (more: object): object => ({ type: 'section', ...more });
const actions = (...elements: object[]): object => ({ type: 'actions', elements });
const button = (more: object = {}): object => ({ type: 'button', text: plain(), ...more });
const option = (value = 'a', text = 'a'): object => ({ text: plain(text), value });
const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, i) => make(i));
const rich = (...elements: object[]): object => ({ type: 'rich_text', elements });
const words = (text = 'x'): object => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] });

const good: Record<string, object> = {
  'a section with text, fields and an accessory': section({
    text: mrkdwn(long(3000)),
    fields: many(10, () => mrkdwn(long(2000))),
    accessory: button(),
    expand: true,
  }),
  'actions with 25 buttons': actions(...many(25, (i) => button({ action_id: `a${i}`, value: long(2000) }))),
  'context with image and text': {
    type: 'context',
    elements: [mrkdwn(), { type: 'image', image_url: 'https://x.test/a.png', alt_text: 'a' }],
  },
  'a header of 150': { type: 'header', text: plain(long(150)) },
  'rich text': rich(words(), { type: 'rich_text_list', style: 'bullet', elements: [words()], indent: 1 }),
  'preformatted text': rich({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'x' }] }),
  'a card': { type: 'card', title: mrkdwn(long(150)), body: mrkdwn(long(200)), actions: [button()] },
  'a carousel whose cards repeat action ids': {
    type: 'carousel',
    elements: many(10, () => ({ type: 'card', title: mrkdwn(), actions: [button({ action_id: 'same' })] })),
  },
  'a task card': { type: 'task_card', task_id: '1', title: 't', status: 'complete', output: rich(words()) },
  'feedback buttons': {
    type: 'context_actions',
    elements: [
      {
        type: 'feedback_buttons',
        positive_button: { text: plain(), value: 'up' },
        negative_button: { text: plain(), value: 'down' },
      },
    ],
  },
};

const bad: [string, object | object[], string][] = [
  ['an unknown block', { type: 'marquee' }, 'unsupported type: marquee [json-pointer:/blocks/0/type]'],
  ['a block without type', {}, 'missing required field: type [json-pointer:/blocks/0]'],
  [
    '51 blocks',
    many(51, () => ({ type: 'divider' })),
    'no more than 50 items allowed [json-pointer:/blocks]',
  ],
  ['an alert in a message', { type: 'alert', text: plain() }, 'unsupported type: alert'],
  ['an empty section', section({}), 'must define either `text` or `fields`'],
  [
    'empty text',
    section({ text: mrkdwn('') }),
    'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
  ],
  ['text of 3001', section({ text: mrkdwn(long(3001)) }), 'must be less than 3001 characters'],
  ['a field of 2001', section({ fields: [mrkdwn(long(2001))] }), 'must be less than 2001 characters'],
  ['11 fields', section({ fields: many(11, () => mrkdwn()) }), 'no more than 10 items allowed'],
  ['an unknown property', section({ text: plain(), colour: 'red' }), 'invalid additional property: colour'],
  ['mrkdwn in a header', { type: 'header', text: mrkdwn() }, 'unsupported type: mrkdwn'],
  ['a header of 151', { type: 'header', text: plain(long(151)) }, 'must be less than 151 characters'],
  [
    'emoji on mrkdwn',
    section({ text: { type: 'mrkdwn', text: 'x', emoji: true } }),
    'invalid additional property',
  ],
  ['26 buttons', actions(...many(26, () => button())), 'no more than 25 items allowed'],
  ['no elements', { type: 'actions', elements: [] }, 'no less than 1 items required'],
  ['a button of 76', actions(button({ text: plain(long(76)) })), 'must be less than 76 characters'],
  ['a button value of 2001', actions(button({ value: long(2001) })), 'must be less than 2001 characters'],
  ['a button style', actions(button({ style: 'default' })), 'must be a valid enum value'],
  ['a script url', actions(button({ url: 'javascript:alert(1)' })), 'must be a valid URL'],
  [
    'a repeated action id',
    actions(button({ action_id: 'a' }), button({ action_id: 'a' })),
    '`action_id` "a" already exists',
  ],
  [
    'a repeated block id',
    many(2, () => ({ type: 'divider', block_id: 'same' })),
    '`block_id` "same" already exists [json-pointer:/blocks/1/block_id]',
  ],
  [
    '11 context elements',
    { type: 'context', elements: many(11, () => mrkdwn()) },
    'no more than 10 items allowed',
  ],
  [
    'an image without alt text',
    { type: 'image', image_url: 'https://x.test/a' },
    'missing required field: alt_text',
  ],
  [
    'an image without source',
    { type: 'image', alt_text: 'a' },
    'must define either `image_url` or `slack_file`',
  ],
  ['a text input in actions', actions({ type: 'plain_text_input' }), 'unsupported type: plain_text_input'],
  [
    'a number input in a message',
    { type: 'input', label: plain(), element: { type: 'number_input', is_decimal_allowed: true } },
    'unsupported type: number_input',
  ],
  [
    '6 overflow options',
    actions({ type: 'overflow', options: many(6, () => option()) }),
    'no more than 5 items allowed',
  ],
  [
    '11 radio options',
    actions({ type: 'radio_buttons', options: many(11, () => option()) }),
    'no more than 10 items allowed',
  ],
  [
    '101 select options',
    actions({ type: 'static_select', options: many(101, () => option()) }),
    'no more than 100 items allowed',
  ],
  [
    'a select without options',
    actions({ type: 'static_select' }),
    'must define either `options` or `option_groups`',
  ],
  [
    'an option value of 76',
    actions({ type: 'static_select', options: [option(long(76))] }),
    'must be less than 76 characters',
  ],
  [
    'a foreign initial option',
    actions({ type: 'static_select', options: [option()], initial_option: option('b') }),
    'initial option must match',
  ],
  [
    'a placeholder of 151',
    actions({ type: 'users_select', placeholder: plain(long(151)) }),
    'must be less than 151 characters',
  ],
  [
    'a confirm text of 301',
    actions(button({ confirm: { text: plain(long(301)) } })),
    'must be less than 301 characters',
  ],
  [
    'a confirm title of 101',
    actions(button({ confirm: { text: plain(), title: plain(long(101)) } })),
    'must be less than 101 characters',
  ],
  ['a bad date', actions({ type: 'datepicker', initial_date: '2026-13-01' }), 'must be a date'],
  ['rich text without parts', rich(), 'no less than 1 items required'],
  ['bare text in rich text', rich({ type: 'text', text: 'x' }), 'unsupported type: text'],
  ['empty rich text', rich(words('')), 'must be more than 0 characters'],
  [
    'a mention in preformatted text',
    rich({ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] }),
    'unsupported type: user',
  ],
  [
    'markdown over 12000 together',
    many(2, () => ({ type: 'markdown', text: long(7000) })),
    'in all markdown blocks',
  ],
  [
    'two tables',
    many(2, () => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] })),
    'only_one_table_allowed',
  ],
  ['a card body of 201', { type: 'card', body: mrkdwn(long(201)) }, 'must be less than 201 characters'],
  ['plain text in a card', { type: 'card', body: plain() }, 'unsupported type: plain_text'],
  ['an empty card', { type: 'card' }, 'must define one of'],
  ['a type named like a method', { type: 'constructor' }, 'unsupported type: constructor'],
];

/** A bar chart of one series with one value. */
const chart = (change: Record<string, unknown> = {}, categories: readonly string[] = ['a']) => ({
  type: 'data_visualization',
  title: 'Use',
  chart: {
    type: 'bar',
    series: [{ name: 'Gmail', data: [{ label: 'a', value: 1 }] }],
    axis_config: { categories },
  },
  ...change,
});

describe('blocks in a message', () => {
  it.each(Object.entries(good))('accepts %s', (_, block) => {
    expect(checkMessageBlocks([block])).toEqual([]);
  });

  it.each(bad)('refuses %s', (_, blocks, problem) => {
    const problems = checkMessageBlocks(Array.isArray(blocks) ? blocks : [blocks]);
    expect(problems.join('\n')).toContain(problem);
    expect(problems.every((one) => one.startsWith('[ERROR] ') && one.includes('[json-pointer:/blocks'))).toBe(
      true,
    );
  });
});

describe('views', () => {
  const input = { type: 'input', label: plain(), element: { type: 'plain_text_input' } };
  const modal = (more: object = {}): object => ({ type: 'modal', title: plain(), blocks: [], ...more });
  const home = (...blocks: object[]): object => ({ type: 'home', blocks });

  it('accepts a modal with an alert and an input, and a Home with a carousel', () => {
    const blocks = [{ type: 'alert', text: plain(), level: 'warning' }, input];
    expect(checkView(modal({ submit: plain(), blocks }), 'modal')).toEqual([]);
    expect(
      checkView(home({ type: 'carousel', elements: [{ type: 'card', body: mrkdwn() }] }), 'home'),
    ).toEqual([]);
  });

  it.each<[string, object, 'modal' | 'home', string]>([
    [
      'a title of 25',
      modal({ title: plain(long(25)) }),
      'modal',
      'less than 25 characters [json-pointer:/view/title/text]',
    ],
    ['a submit of 25', modal({ submit: plain(long(25)) }), 'modal', 'less than 25 characters'],
    ['inputs without submit', modal({ blocks: [input] }), 'modal', 'missing required field: submit'],
    [
      'private_metadata of 3001',
      modal({ private_metadata: long(3001) }),
      'modal',
      'less than 3001 characters',
    ],
    ['a callback_id of 256', modal({ callback_id: long(256) }), 'modal', 'less than 256 characters'],
    ['101 blocks', home(...many(101, () => ({ type: 'divider' }))), 'home', 'no more than 100 items allowed'],
    ['markdown in Home', home({ type: 'markdown', text: 'x' }), 'home', 'unsupported type: markdown'],
    ['a chart without a title', home(chart({ title: undefined })), 'home', 'missing required field: title'],
    ['a chart whose labels are not its categories', home(chart({}, ['b'])), 'home', 'labels must match'],
    ['a third chart', home(chart(), chart(), chart()), 'home', 'no more than 2 data_visualization'],
    ['a table in Home', home({ type: 'table', rows: [] }), 'home', 'unsupported type: table'],
    ['an alert in Home', home({ type: 'alert', text: plain() }), 'home', 'unsupported type: alert'],
    [
      'a datetimepicker in Home',
      home(actions({ type: 'datetimepicker' })),
      'home',
      'unsupported type: datetimepicker',
    ],
    [
      'a card in a modal',
      modal({ blocks: [{ type: 'card', body: mrkdwn() }] }),
      'modal',
      'unsupported type: card',
    ],
    ['a title on Home', { ...home(), title: plain() }, 'home', 'invalid additional property: title'],
    ['a Home as a modal', home(), 'modal', 'unsupported type: home'],
    [
      'two focused fields',
      modal({
        submit: plain(),
        blocks: many(2, () => ({ ...input, element: { type: 'plain_text_input', focus_on_load: true } })),
      }),
      'modal',
      'only one element may have focus_on_load',
    ],
  ])('refuses %s', (_, view, surface, problem) => {
    expect(checkView(view, surface).join('\n')).toContain(problem);
  });
});
