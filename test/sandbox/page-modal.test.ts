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

beforeAll(async () => {
  browser = await openBrowser();
}, TIMEOUT);
afterAll(() => browser.close());

beforeEach(async () => {
  slack = createSlack();
  served = await servePage(slack.world, createOutside());
  page = await browser.newPage();
  await page.goto(served.origin);
  await page.getByRole('button', { name: /Ada Byron/, pressed: true }).waitFor();
}, TIMEOUT);

afterEach(async () => {
  await page.close();
  await served.stop();
});

const plain = (text: string) => ({ type: 'plain_text', text });
const input = (block_id: string, label: string, element: object, rest: object = {}) => ({
  type: 'input',
  block_id,
  label: plain(label),
  element: { action_id: 'it', ...element },
  ...rest,
});
const modal = (title: string, blocks: object[], rest: object = {}) => ({
  type: 'modal',
  title: plain(title),
  submit: plain('Save'),
  close: plain('Cancel'),
  blocks,
  ...rest,
});
const open = (id: string, view: object) => {
  slack.control.views.push({ id, view });
  slack.control.changed();
};
const submissions = () => slack.control.asked.filter(([name]) => name === 'submitView');

const FIELDS = [
  { type: 'alert', level: 'warning', text: plain('Careful') },
  input('reason', 'Reason', { type: 'plain_text_input', multiline: true }),
  input('mail', 'Mail', { type: 'email_text_input' }, { optional: true }),
  input('count', 'Count', { type: 'number_input', is_decimal_allowed: false, initial_value: '3' }),
];

test(
  'asks for what is missing, submits Slack’s values, and shows the app’s errors',
  { timeout: TIMEOUT },
  async () => {
    open('V1', modal('Deny', FIELDS));
    const dialog = page.getByRole('dialog', { name: 'Deny' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Please complete this required field.').waitFor();
    expect(submissions()).toEqual([]);
    const reason = dialog.getByLabel('Reason');
    expect(await page.locator(':focus').getAttribute('data-focus')).toBe('reason/it');
    await reason.fill('too soon');
    slack.control.submission = { ok: false, errors: { mail: 'Not a colleague.', '': 'Try again.' } };
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Not a colleague.').waitFor();
    await dialog.getByText('Try again.').waitFor();
    expect(submissions()[0]?.slice(1)).toEqual([
      'U0ADA',
      'V1',
      {
        reason: { it: { type: 'plain_text_input', value: 'too soon' } },
        mail: { it: { type: 'email_text_input', value: null } },
        count: { it: { type: 'number_input', value: '3' } },
      },
    ]);
  },
);

test('an updated view keeps what was typed; a pushed one leads back', { timeout: TIMEOUT }, async () => {
  open('V1', modal('First', FIELDS));
  await page.getByLabel('Reason').fill('half a sent');
  slack.control.views = [{ id: 'V1', view: modal('Second', [...FIELDS, { type: 'divider' }]) }];
  slack.control.changed();
  await page.getByRole('dialog', { name: 'Second' }).waitFor();
  expect(await page.getByLabel('Reason').inputValue()).toBe('half a sent');
  expect(await page.locator(':focus').getAttribute('data-focus')).toBe('reason/it');
  open('V2', modal('On top', [], { previous_view_id: 'V1', close: null }));
  await page.getByRole('dialog', { name: 'On top' }).getByText('Back').click();
  await page.getByRole('dialog', { name: 'Second' }).waitFor();
});

test('Esc closes the view on top and tells the app', { timeout: TIMEOUT }, async () => {
  open('V1', modal('Only', FIELDS));
  await page.getByRole('dialog', { name: 'Only' }).press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(slack.control.asked.at(-1)).toEqual(['closeView', 'U0ADA', 'V1']);
});

test('a button inside a view is sent with the view and what is typed', { timeout: TIMEOUT }, async () => {
  const button = { type: 'button', action_id: 'more', text: plain('Add a line'), value: '1' };
  open('V1', modal('Edit', [...FIELDS, { type: 'actions', block_id: 'row', elements: [button] }]));
  await page.getByLabel('Reason').fill('typed');
  await page.getByRole('button', { name: 'Add a line' }).click();
  await expect.poll(() => slack.control.asked.at(-1)?.[0]).toBe('click');
  const [, , target, action] = slack.control.asked.at(-1) as [string, string, object, object];
  expect(target).toMatchObject({ viewId: 'V1', values: { reason: { it: { value: 'typed' } } } });
  expect(action).toMatchObject({ block_id: 'row', action_id: 'more', value: '1' });
});
