import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
