import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { createSlack } from './page-slack.ts';
import { createOutside, servePage } from './page-worlds.ts';

const TIMEOUT = 60_000;
let browser: Browser;
let slack: ReturnType<typeof createSlack>;
let served: Awaited<ReturnType<typeof servePage>>;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await openBrowser();
}, TIMEOUT);
afterAll(() => browser.close());

beforeEach(async () => {
  slack = createSlack();
  served = await servePage(slack.world, createOutside());
  page = await browser.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(served.origin);
  await page.getByRole('button', { name: /Ada Byron/, pressed: true }).waitFor();
}, TIMEOUT);

afterEach(async () => {
  await page.close();
  await served.stop();
  expect(complaints).toEqual([]);
});

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (value: string, text = value) => ({ text: plain(text), value });

/** Shows blocks in a message and returns where they are. */
async function show(blocks: object[]) {
  slack.control.messages['D0ADA'] = [{ ts: '1.0', user: 'U0DESK', text: 'blocks', blocks }];
  slack.control.changed();
  const body = page.locator('.message-body');
  await body
    .locator('.block')
    .nth(blocks.length - 1)
    .waitFor();
  return body;
}

const mrkdwn = async (text: string) => {
  const body = await show([{ type: 'section', text: { type: 'mrkdwn', text } }]);
  return body.locator('.text').evaluate((node) => node.innerHTML);
};

test.each([
  ['*bold* _it_ ~gone~ `a*b*`', '<strong>bold</strong> <em>it</em> <s>gone</s> <code>a*b*</code>'],
  ['2*3*4 snake_case_name', '2*3*4 snake_case_name'],
  ['a &lt;b&gt; &amp;amp;', 'a &lt;b&gt; &amp;amp;'],
  ['&gt; quoted\nplain', '<blockquote>quoted</blockquote>plain'],
  ['```x &lt; y```', '<pre><code>x &lt; y</code></pre>'],
  [
    '<@U0BEN> <#C0GENERAL>',
    '<span class="mention" title="U0BEN">@Ben Okri</span> <span class="mention" title="C0GENERAL">#general</span>',
  ],
  ['<javascript:alert(1)|click>', '<span>click</span>'],
  [
    '<https://a.test/x?y=1&amp;z|*here*>',
    '<a href="https://a.test/x?y=1&amp;z" target="_blank" rel="noopener noreferrer">*here*</a>',
  ],
  [
    'see https://a.test/b.',
    'see <a href="https://a.test/b" target="_blank" rel="noopener noreferrer">https://a.test/b</a>.',
  ],
])('mrkdwn %j', { timeout: TIMEOUT }, async (text, html) => {
  expect(await mrkdwn(text)).toBe(html);
});

test(
  'a date is told on the reader’s clock, and as its fallback when it is none',
  { timeout: TIMEOUT },
  async () => {
    const html = await mrkdwn('<!date^1767268800^{date_num} {time}|soon> <!date^never^{time}|later>');
    expect(html).toContain('>01/01/2026 13:00</time>');
    expect(html).toContain('>later</time>');
  },
);

test('text of a block never becomes markup', { timeout: TIMEOUT }, async () => {
  const evil = '<img src=x onerror=alert(1)><b>bold</b>';
  const body = await show([
    { type: 'header', text: plain(evil) },
    { type: 'section', text: plain(evil), fields: [plain(evil), { type: 'mrkdwn', text: evil }] },
    { type: 'markdown', text: `**x** ${evil} [a](javascript:b)` },
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: evil }] }],
    },
    { type: 'table', rows: [[{ type: 'raw_text', text: evil }], [{ type: 'raw_text', text: evil }]] },
  ]);
  expect(await body.locator('img, b, a').count()).toBe(0);
  expect(await body.getByText(evil).count()).toBeGreaterThanOrEqual(5);
});

test('shows every kind of block of a message', { timeout: TIMEOUT }, async () => {
  const rich = (text: string) => ({
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_list',
        style: 'bullet',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text, style: { bold: true } }] }],
      },
      { type: 'rich_text_quote', elements: [{ type: 'user', user_id: 'U0GUS' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'code *stays*' }] },
    ],
  });
  const rows = Array.from({ length: 8 }, (_, row) => [{ type: 'raw_text', text: `row ${row}` }]);
  const body = await show([
    { type: 'divider' },
    { type: 'image', image_url: 'https://a.test/i.png', alt_text: 'a chart' },
    { type: 'context', elements: [{ type: 'mrkdwn', text: 'by *rule*' }] },
    rich('item'),
    { type: 'card', title: { type: 'mrkdwn', text: 'Card title' }, actions: [] },
    { type: 'data_table', caption: 'Audit', rows, page_size: 3 },
    {
      type: 'plan',
      title: 'Plan',
      tasks: [{ type: 'task_card', task_id: '1', title: 'Look', status: 'complete' }],
    },
    {
      type: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          action_id: 'f',
          positive_button: { text: plain('Good'), value: '+' },
          negative_button: { text: plain('Bad'), value: '-' },
        },
      ],
    },
    { type: 'hologram' },
  ]);
  expect(await body.locator('li strong').textContent()).toBe('item');
  expect(await body.locator('blockquote').textContent()).toBe('@Gus Hall');
  expect(await body.locator('pre').textContent()).toBe('code *stays*');
  expect(await body.getByRole('link', { name: 'Image: a chart' }).count()).toBe(1);
  expect(await body.getByRole('table', { name: 'Audit' }).locator('tbody tr').allTextContents()).toEqual([
    'row 1',
    'row 2',
    'row 3',
  ]);
  await body.getByRole('button', { name: 'Next' }).click();
  await body.getByText('4–6 of 7').waitFor();
  expect(await body.getByText('(hologram is not shown in the sandbox)').count()).toBe(1);
  await body.getByRole('button', { name: 'Bad' }).click();
  await expect.poll(() => slack.control.asked.at(-1)?.[3]).toMatchObject({ action_id: 'f', value: '-' });
});

test('every live element sends what Slack would send', { timeout: TIMEOUT }, async () => {
  const options = [option('a', 'Apple'), option('b', 'Bean')];
  const element = (type: string, rest: object = {}) => ({
    type,
    action_id: type,
    placeholder: plain(type),
    ...rest,
  });
  const body = await show([
    {
      type: 'actions',
      block_id: 'x',
      elements: [
        element('static_select', { options }),
        element('users_select'),
        element('datepicker'),
        element('timepicker'),
        element('datetimepicker'),
        element('overflow', { options }),
        element('multi_static_select', { options }),
      ],
    },
    { type: 'section', block_id: 'y', text: plain('pick'), accessory: element('radio_buttons', { options }) },
    { type: 'section', block_id: 'z', text: plain('tick'), accessory: element('checkboxes', { options }) },
    { type: 'actions', block_id: 'e', elements: [element('external_select', { min_query_length: 2 })] },
  ]);
  const at = (action: string) => body.locator(`[data-action=${action}]`);
  const sent = async (action: string, state: object) => {
    const click = () => slack.control.asked.filter(([name]) => name === 'click').at(-1)?.[3];
    await expect.poll(click).toMatchObject({ action_id: action, type: action, ...state });
    await at(action).and(page.locator(':not([aria-busy])')).waitFor();
  };
  await at('static_select').selectOption('Bean');
  await sent('static_select', { block_id: 'x', selected_option: option('b', 'Bean') });
  await at('users_select').selectOption('Ben Okri');
  await sent('users_select', { selected_user: 'U0BEN' });
  await at('datepicker').fill('2026-12-01');
  await sent('datepicker', { selected_date: '2026-12-01' });
  await at('timepicker').fill('09:30');
  await sent('timepicker', { selected_time: '09:30' });
  await at('datetimepicker').fill('2026-07-01T09:30');
  await sent('datetimepicker', { selected_date_time: Date.UTC(2026, 6, 1, 7, 30) / 1000 });
  await at('overflow').click();
  await body.getByRole('button', { name: 'Apple' }).click();
  await sent('overflow', { selected_option: option('a', 'Apple') });
  await at('multi_static_select').click();
  await body.locator('.multi').getByLabel('Bean').check();
  await at('multi_static_select').click();
  await sent('multi_static_select', { selected_options: [option('b', 'Bean')] });
  await at('radio_buttons').getByLabel('Apple').check();
  await sent('radio_buttons', { block_id: 'y', selected_option: option('a', 'Apple') });
  await at('checkboxes').getByLabel('Bean').check();
  await sent('checkboxes', { block_id: 'z', selected_options: [option('b', 'Bean')] });
  await at('external_select').fill('we');
  await page.locator('datalist option[value="acme/website"]').waitFor({ state: 'attached' });
  await at('external_select').fill('acme/website');
  await at('external_select').blur();
  await sent('external_select', { block_id: 'e', selected_option: option('w', 'acme/website') });
});
