import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGoogleStandIn, type GoogleStandIn } from '../../src/sandbox/google/stand-in.ts';
import { startSlack, type Started } from '../sandbox/slack-kit.ts';
import { openBrowser } from '../support/browser.ts';
import { createDesk, type Desk } from './desk.ts';

let desk: Desk;
let slack: Started;
let google: GoogleStandIn;
let browser: Browser;

beforeAll(async () => {
  google = createGoogleStandIn({ state: { load: () => null, save: () => undefined }, now: () => new Date() });
  const apiUrl = (await google.start()).origin;
  const { clientId, clientSecret } = google.credentials;
  desk = await createDesk({
    google: { apiUrl, clientId, clientSecret },
    scopes: ['https://www.googleapis.com/auth/gmail.readonly'],
  });
  slack = await startSlack();
  const signIn = {
    clientId: slack.slack.credentials.clientId,
    clientSecret: slack.slack.credentials.clientSecret,
  };
  await desk.open({ slackSignIn: { ...signIn, origin: slack.origin, apiUrl: `${slack.origin}/api/` } });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await desk.stop();
  await slack.slack.stop();
  await google.stop();
});

/** A page that fails the test on anything the browser's own protection blocks. */
async function openPage(width = 1000): Promise<{ page: Page; blocked: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  page.setDefaultTimeout(15_000);
  const blocked: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') blocked.push(message.text());
  });
  return { page, blocked };
}

it('connects in a real browser: the form, Slack’s page, Google’s page, and back', async () => {
  const { url, request } = await desk.link();
  const { page, blocked } = await openPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Connect Google' }).click();
  await page.getByRole('button', { name: 'Continue as Ben Okri' }).click();
  await page.getByText('ben@acme.test').click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText('You can close this window and go back to Slack').waitFor();
  expect(await desk.statusOf(request)).toBe('connected');
  expect(blocked).toEqual([]);
  await page.close();
});

it('stops someone else who opens the link', async () => {
  const { url, request } = await desk.link();
  const { page } = await openPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Connect Google' }).click();
  await page.getByRole('button', { name: 'Continue as Ada Byron' }).click();
  await page.getByText('signed in as someone else').waitFor();
  expect(await desk.statusOf(request)).toBe('failed');
  await page.close();
});

/** Presses the page's button and agrees at Slack. @returns at Google's page */
async function goToGoogle(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: 'Connect Google' }).click();
  await page.getByRole('button', { name: 'Continue as Ben Okri' }).click();
  await page.getByText('ben@acme.test').waitFor();
}

async function agreeAtGoogle(page: Page): Promise<void> {
  await page.getByText('ben@acme.test').click();
  await page.getByRole('button', { name: 'Allow' }).click();
}

const DONE = 'You can close this window and go back to Slack';

describe('someone who does not go straight on', () => {
  it('comes back with the back button, and finishes', async () => {
    const { url, request } = await desk.link();
    const { page, blocked } = await openPage();
    await goToGoogle(page, url);
    await page.goBack();
    await page.goBack();
    await page.getByText('You began this here before').waitFor();
    await page.getByRole('button', { name: 'Connect Google' }).click();
    await page.getByRole('button', { name: 'Continue as Ben Okri' }).click();
    await agreeAtGoogle(page);
    await page.getByText(DONE).waitFor();
    await page.reload();
    await page.getByText(DONE).waitFor();
    expect(await desk.statusOf(request)).toBe('connected');
    expect(await desk.refusals(request)).toEqual([]);
    expect(blocked).toEqual([]);
    await page.goto(url);
    await page.getByText('This link was already used. Ask for a new one with /agentdesk connect.').waitFor();
    await page.close();
  });

  it('presses the button twice', async () => {
    const { url } = await desk.link();
    const { page } = await openPage();
    await page.goto(url);
    await page.getByRole('button', { name: 'Connect Google' }).dblclick({ noWaitAfter: true });
    await page.getByRole('button', { name: 'Continue as Ben Okri' }).click();
    await agreeAtGoogle(page);
    await page.getByText(DONE).waitFor();
    await page.close();
  });

  it('has two links open in two tabs of one browser, and ends both', async () => {
    const context = await browser.newContext();
    const [one, two] = [await desk.link(), await desk.link()];
    const [first, second] = [await context.newPage(), await context.newPage()];
    await goToGoogle(first, one.url);
    await goToGoogle(second, two.url);
    await agreeAtGoogle(first);
    await first.getByText(DONE).waitFor();
    await agreeAtGoogle(second);
    await second.getByText(DONE).waitFor();
    await context.close();
  });

  it('opens it on another device, before and after it was begun on the first', async () => {
    const { url, request } = await desk.link();
    const [laptop, phone] = [(await openPage()).page, (await openPage(390)).page];
    await laptop.goto(url);
    await goToGoogle(phone, url);
    await laptop.getByRole('button', { name: 'Connect Google' }).click();
    await laptop.getByText('This was begun in another browser. Go on there').waitFor();
    await laptop.goto(url);
    await laptop.getByText('or ask for a new link with /agentdesk connect').waitFor();
    await agreeAtGoogle(phone);
    await phone.getByText(DONE).waitFor();
    expect(await desk.statusOf(request)).toBe('connected');
    await laptop.close();
    await phone.close();
  });

  it('opens one that ran out, or goes on with one that does', async () => {
    const { url, request } = await desk.link();
    const { page } = await openPage();
    await goToGoogle(page, url);
    await desk.kit.database.owner`
      update agentdesk.connect_requests set expires_at = now() - interval '1 second' where id = ${request.id}`;
    await agreeAtGoogle(page);
    const words = 'This link has expired. Ask for a new one with /agentdesk connect.';
    await page.getByText(words).waitFor();
    await page.goto(url);
    await page.getByText(words).waitFor();
    await page.close();
  });

  it('tries again with the same link after an outage', async () => {
    const { url } = await desk.link();
    const { page } = await openPage();
    await page.goto(url);
    await page.getByRole('button', { name: 'Connect Google' }).click();
    desk.setVaultDown(true);
    await page.getByRole('button', { name: 'Continue as Ben Okri' }).click();
    await page.getByText('Your link still works: open it again in a few minutes.').waitFor();
    desk.setVaultDown(false);
    await goToGoogle(page, url);
    await agreeAtGoogle(page);
    await page.getByText(DONE).waitFor();
    await page.close();
  });
});

it('fits a phone and follows the colour scheme', async () => {
  const { url } = await desk.link();
  const { page, blocked } = await openPage(320);
  const colours: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(url);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    const colour = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    colours.push(colour);
  }
  expect(new Set(colours).size).toBe(2);
  expect(blocked).toEqual([]);
  await page.close();
});
