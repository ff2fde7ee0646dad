import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { createSlack } from './page-slack.ts';
import { createOutside, servePage } from './page-worlds.ts';

const TIMEOUT = 60_000;
let browser: Browser;
let slack: ReturnType<typeof createSlack>;
let outside: ReturnType<typeof createOutside>;
let served: Awaited<ReturnType<typeof servePage>>;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await openBrowser();
}, TIMEOUT);
afterAll(() => browser.close());

beforeEach(async () => {
  slack = createSlack();
  outside = createOutside();
  served = await servePage(slack.world, outside);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isRefusal = message.text().includes('422'); // the browser's own note on a told refusal
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  await page.goto(served.origin);
  await page.getByRole('button', { name: /Ada Byron/, pressed: true }).waitFor();
}, TIMEOUT);

afterEach(async () => {
  await page.close();
  await served.stop();
  expect(complaints).toEqual([]);
});

const asked = (name: string) => slack.control.asked.filter(([first]) => first === name);
const plain = (text: string) => ({ type: 'plain_text', text });

/** Puts a message of the bot under Ada's. */
function answer(blocks: object[]): void {
  const ts = (Date.now() / 1000 - 60).toFixed(6);
  slack.control.messages['D0ADA']?.push(
    { ts, user: 'U0ADA', text: 'Mail Priya' },
    { ts: `${Number(ts) + 1}`, thread_ts: ts, user: 'U0DESK', text: 'A card', blocks },
  );
  slack.control.sessions = [{ thread_ts: ts, status: 'suspended' }];
  slack.control.changed();
}

const CARD = [
  { type: 'section', text: { type: 'mrkdwn', text: 'Send it?' } },
  {
    type: 'actions',
    block_id: 'decide',
    elements: [
      { type: 'button', action_id: 'approve', text: plain('Approve'), style: 'primary', value: '7KQ2M9XD' },
      {
        type: 'button',
        action_id: 'deny',
        text: plain('Deny'),
        value: '7KQ2M9XD',
        confirm: { title: plain('Really?'), text: plain('Nothing is sent.'), confirm: plain('Yes, deny') },
      },
    ],
  },
];

test('says what is typed on Enter, and starts a line on Shift and Enter', { timeout: TIMEOUT }, async () => {
  const field = page.getByLabel('Message', { exact: true });
  await field.fill('one');
  await field.press('Shift+Enter');
  await field.pressSequentially('two');
  await field.press('Enter');
  await page.getByRole('log').getByText('one').waitFor();
  expect(asked('say')).toEqual([['say', 'U0ADA', 'D0ADA', 'one\ntwo', undefined]]);
  expect(await field.inputValue()).toBe('');
});

test('sends a slash command as one, and keeps the text when it fails', { timeout: TIMEOUT }, async () => {
  const field = page.getByLabel('Message', { exact: true });
  await field.fill('/agentdesk deny 7KQ2M9XD too soon');
  slack.control.problem = new Error('The app did not answer.');
  await field.press('Enter');
  await page.getByRole('alert').getByText('The app did not answer.').waitFor();
  expect(await field.inputValue()).toBe('/agentdesk deny 7KQ2M9XD too soon');
  expect(asked('slash')).toEqual([['slash', 'U0ADA', 'D0ADA', '/agentdesk', 'deny 7KQ2M9XD too soon']]);
});

test(
  'a click carries block, action and value, once, while its buttons wait',
  { timeout: TIMEOUT },
  async () => {
    answer(CARD);
    await page.getByText('Waiting for approval').waitFor();
    let release = () => {};
    slack.control.hold = new Promise((resolve) => (release = resolve));
    const approve = page.getByRole('button', { name: 'Approve' });
    await approve.click();
    await page.locator('[data-action=deny]:disabled').waitFor();
    expect(await approve.isDisabled()).toBe(true);
    release();
    await page.locator('[data-action=approve]:enabled').waitFor();
    const [, user, target, action] = asked('click')[0] ?? [];
    expect(asked('click')).toHaveLength(1);
    expect([user, target]).toEqual([
      'U0ADA',
      { channel: 'D0ADA', ts: slack.control.messages['D0ADA']?.[1]?.ts },
    ]);
    expect(action).toMatchObject({
      block_id: 'decide',
      action_id: 'approve',
      type: 'button',
      value: '7KQ2M9XD',
    });
  },
);

test('asks before a button that wants it; Esc means no', { timeout: TIMEOUT }, async () => {
  answer(CARD);
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.getByRole('dialog', { name: 'Really?' }).press('Escape');
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.getByRole('button', { name: 'Yes, deny' }).click();
  await expect.poll(() => asked('click')).toHaveLength(1);
});

test(
  'replies inside a thread, and shows an answer as only visible to its reader',
  { timeout: TIMEOUT },
  async () => {
    answer(CARD);
    await page.getByRole('button', { name: 'Reply in thread' }).click();
    await page.getByLabel('Reply in this thread').fill('make it four');
    await page.getByLabel('Reply in this thread').press('Enter');
    await page.getByText('make it four').waitFor();
    const root = slack.control.messages['D0ADA']?.[0]?.ts;
    expect(asked('say')).toEqual([['say', 'U0ADA', 'D0ADA', 'make it four', root]]);
    slack.control.messages['D0ADA']?.push({ ts: '1.5', user: 'U0DESK', text: 'hush', ephemeralFor: 'U0ADA' });
    slack.control.changed();
    await page.locator('.ephemeral', { hasText: 'Only visible to you' }).getByText('hush').waitFor();
  },
);

test('edits a message of one’s own and stops a session', { timeout: TIMEOUT }, async () => {
  answer(CARD);
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Edit your message').fill('Mail Ben');
  await page.getByLabel('Edit your message').press('Enter');
  await page.getByText('(edited)').waitFor();
  slack.control.sessions = slack.control.sessions.map((session) => ({ ...session, status: 'processing' }));
  slack.control.changed();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect.poll(() => asked('stopSession')).toHaveLength(1);
});

test(
  'shows what changes outside when it changes, and keeps what is being read open',
  { timeout: TIMEOUT },
  async () => {
    await page.getByText('Nothing has changed out here').waitFor();
    await page.getByText('Numbers for the board').click();
    outside.messages.push(
      outside.mail('m0', 'ada@acme.test', 'priya@partner.test', 'New time', 'At four.', 'SENT'),
    );
    outside.changed();
    await page.getByText('Mail sent to priya@partner.test: New time').waitFor();
    expect(await page.locator('#folder-sent.changed').textContent()).toBe('Sent2');
    expect(await page.getByText('Attached, as promised.').isVisible()).toBe(true);
    await page.locator('#folder-sent').click();
    await page.getByText('New time', { exact: true }).waitFor();
  },
);

test(
  'tells the app which tab of it was opened, and shows each member their own desk',
  { timeout: TIMEOUT },
  async () => {
    slack.control.homes = { U0BEN: { type: 'home', blocks: [{ type: 'header', text: plain('Hello Ben') }] } };
    await page.getByRole('button', { name: /Ben Okri/ }).click();
    await page.getByRole('button', { name: 'App Home' }).click();
    await page.getByRole('heading', { name: 'Hello Ben' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Hello Ben' }).waitFor();
    expect(asked('openHome').map(([, user]) => user)).toEqual(['U0BEN', 'U0BEN']);
    expect(asked('openMessagesTab').map(([, user]) => user)).toEqual(['U0ADA', 'U0BEN']);
  },
);

test('in a narrow window one pane is shown at a time', { timeout: TIMEOUT }, async () => {
  await page.setViewportSize({ width: 400, height: 760 });
  expect(await page.getByRole('complementary', { name: 'The outside world' }).isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Outside world' }).click();
  expect(await page.getByText('Numbers for the board').isVisible()).toBe(true);
  expect(await page.getByLabel('Message', { exact: true }).isVisible()).toBe(false);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
});
