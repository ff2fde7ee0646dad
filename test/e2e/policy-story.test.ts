import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createKeyring } from '../../src/db/seal.ts';
import { createPerson, readAll } from '../../src/main/demo/person.ts';
import { openBrowser } from '../support/browser.ts';
import { withDatabase } from '../support/global-setup.ts';
import { openPageHand, type PageHand } from '../support/page-hand.ts';
import { askAsBen, connectBen, isCard } from '../support/policy-people.ts';
import { createHolder, letItCount, type Holder } from '../support/strong.ts';
import { findFreePort, startAsProcess, type RunningProgram } from '../support/program.ts';

const TIMEOUT = 240_000;
const OUTSIDE = "Mail everyone@outside.example about 'Prices' saying 'Here are our prices.'";
const database = `policy_${process.pid}`;
const server = (): postgres.Sql => postgres(inject('ownerUrl'), { max: 1, onnotice: () => undefined });
const key = randomBytes(32);
let program: RunningProgram;
let browser: Browser;
let hand: PageHand;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'agentdesk-policy-'));
  const port = String(await findFreePort());
  const sql = server();
  await sql.unsafe(`create database ${database}`);
  await sql.end();
  program = await startAsProcess({
    DATABASE_URL: withDatabase(inject('ownerUrl'), database),
    AGENTDESK_DATA_DIR: directory,
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    AGENTDESK_ENCRYPTION_KEY: key.toString('base64'),
  });
  browser = await openBrowser();
  hand = await openPageHand(browser, program.url);
}, TIMEOUT);
afterAll(async () => {
  await browser?.close();
  await program?.stop();
  const sql = server();
  await sql.unsafe(`drop database if exists ${database} with (force)`);
  await sql.end();
  rmSync(directory, { recursive: true, force: true });
});

const ask = (text: string, has: Parameters<typeof askAsBen>[2]) => askAsBen(program.url, text, has);

/** Ada's second device: a passkey that counts, made by the link that the command gives. */
async function makePasskey(): Promise<Holder> {
  const holder = await createHolder(browser);
  await ada().slash('passkey');
  await holder.visit(await linkTo('/passkey/'));
  expect(await holder.press()).toContain('is made');
  const owner = postgres(withDatabase(inject('ownerUrl'), database), { max: 1 });
  await letItCount({ keyring: createKeyring([key]), database: { owner } }, 'U0ADA');
  await owner.end();
  return holder;
}

const ada = () => createPerson(program.url, 'U0ADA', 'D0ADA');
const linkTo = (place: string): Promise<string> =>
  ada().until(
    `a link to ${place}`,
    ({ messages }) =>
      messages
        .flatMap(({ blocks = [] }) => blocks.flatMap(({ elements = [] }) => elements))
        .findLast(({ url }) => url?.includes(place))?.url,
  );

test(
  'a policy is set, tightened, said in words, obeyed and rolled back, in the browser',
  { timeout: TIMEOUT },
  async () => {
    await connectBen(program.url, "What's on my calendar today?", 'ben@acme.test');
    await connectBen(program.url, 'list my repos', 'ben-acme');
    const asked = await ask(OUTSIDE, isCard);
    expect(readAll(asked)).not.toContain('second device');

    const holder = await makePasskey();

    // Ada: a second device for issues in public repositories.
    await hand.become('Ada Byron');
    await hand.openPolicy('Organisation');
    await hand.press('Add rule');
    await hand.tick('actions', 'github.issues.create');
    await hand.field('outcome').selectOption({ label: 'Ask on a second device' });
    await hand.modal.getByText('For everyone: Ask on a second device before creating issues.').waitFor();
    await hand.field('visibility').selectOption({ label: 'public' });
    await hand.modal
      .getByText('For everyone: Ask on a second device before creating issues in public repositories.')
      .waitFor();
    await hand.pressInModal('Next');
    await hand.modal.getByText('Would change 0 of').waitFor();
    await hand.pressInModal('Save');
    await hand.home.getByText('The organisation’s policy is at version 1 now.').waitFor();
    const issue = await ask("Open an issue in acme/website titled 'A typo'", isCard);
    expect(readAll(issue)).toContain('second device');

    // Ben: stricter for himself, never looser, and nothing of the organisation's.
    await hand.become('Ben Okri');
    await hand.openPolicy('My rules');
    expect(await hand.choice('gmail.messages.send').locator('option').allTextContents()).not.toContain(
      'At once',
    );
    await hand.choice('gmail.messages.send').selectOption({ label: 'Ask me on a second device' });
    await hand.modal.getByText('New rule: Ask on a second device before sending mail.').waitFor();
    await hand.pressInModal('Save');
    await hand.home.getByText('Your policy is at version 1 now.').waitFor();
    await hand.press('Organisation');
    await hand.home.getByText('Only admins change them.').waitFor();
    expect(await hand.home.locator('select').count()).toBe(0);
    expect(
      await hand.home.getByRole('button', { name: /Add rule|Say it|Import|Change…|Remove…/ }).count(),
    ).toBe(0);

    // Gus, a guest: nothing to edit.
    await hand.become('Gus');
    await hand.openPolicy(null);
    expect(await hand.home.locator('select, input').count()).toBe(0);
    expect(
      await hand.home.getByRole('button', { name: /rule|rules|Organisation|History|Export|Import/ }).count(),
    ).toBe(0);

    // Ada says one in words: it is shown back, tried on what Ben asked for, and the very next message obeys it.
    await hand.become('Ada Byron');
    await hand.openPolicy('Organisation');
    await hand.press('Say it in words');
    await hand.field('sentence').fill('Never mail anyone outside acme.test');
    await hand.pressInModal('Next');
    await hand.modal.getByText('New rule: Never send mail when a recipient is outside acme.test.').waitFor();
    await hand.modal.getByText(/Would change 1 of \d+: 1 now denied\./).waitFor();
    expect(await hand.modal.textContent()).toContain(
      'forbid (principal, action in [Action::"gmail.messages.send"], resource)',
    );
    await hand.pressInModal('Save');
    await hand.home.getByText('The organisation’s policy is at version 2 now.').waitFor();
    await ask(OUTSIDE, (shown) => shown.includes('Never send mail when a recipient is outside acme.test.'));

    // Back to version 1: that loosens, so it waits for Ada's approval on a card; then Ben is asked again.
    await hand.press('History');
    await hand.pressInModal('Roll back…');
    await hand.modal.getByText('This lets the agent do more than now.').waitFor();
    await hand.modal.getByText(/Would change 2 of \d+: 2 now ask on a second device\./).waitFor();
    await hand.pressInModal('Ask for approval');
    await hand.home.getByText('Version 3 waits for your approval').waitFor();
    await hand.openChat();
    await hand.page.getByText('Loosen the organisation’s policy').waitFor();
    const approve = hand.page.getByRole('button', { name: 'Approve', exact: true });
    await approve.click();
    await approve.waitFor({ state: 'detached' });
    await holder.visit(await linkTo('/strong/'));
    expect(await holder.press()).toMatch(/confirmed|Confirmed|done/);
    await holder.close();
    await hand.openPolicy('Organisation');
    await hand.home.getByText('This is version 3.').waitFor();
    expect(readAll(await ask(OUTSIDE, isCard))).toContain('second device');
    expect(hand.troubles).toEqual([]);
  },
);
