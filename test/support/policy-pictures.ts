import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { createPerson } from '../../src/main/demo/person.ts';
import { openBrowser } from './browser.ts';
import { openPageHand } from './page-hand.ts';
import { askAsBen, connectBen, isCard } from './policy-people.ts';
import { findFreePort, startAsProcess } from './program.ts';

const OUT = process.argv[2] ?? 'docs/images';
const MAILS = [
  ['everyone@outside.example', 'Prices'],
  ['priya@acme.test', 'Lunch'],
] as const;
const LOOKS = [
  { name: 'wide', width: 1440, height: 1000 },
  { name: 'narrow', width: 390, height: 844 },
] as const;

/** `node test/support/policy-pictures.ts [DIR]`: the pictures of the Policy tab and its forms in the docs. */
async function takePictures(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'agentdesk-pictures-'));
  const port = String(await findFreePort());
  const program = await startAsProcess({ AGENTDESK_DATA_DIR: directory, PORT: port });
  const browser = await openBrowser();
  try {
    await connectBen(program.url, "What's on my calendar today?", 'ben@acme.test');
    for (const [to, subject] of MAILS)
      await askAsBen(program.url, `Mail ${to} about '${subject}' saying 'See you soon.'`, isCard);
    const ada = createPerson(program.url, 'U0ADA', 'D0ADA');
    await ada.slash('policy set github.issues.create phone org');
    const rule = {
      outcome: 'approve_strong',
      agents: [],
      who: { roles: [], groups: [] },
      actions: ['gmail.messages.send'],
      conditions: [{ kind: 'recipient_domain', match: 'any_outside', domains: ['acme.test'] }],
      id: 'mail.outside',
      note: 'Ask on my phone before mailing anyone outside acme.test',
    };
    const setting = {
      ...rule,
      id: 'set.github.issues.create',
      actions: ['github.issues.create'],
      conditions: [],
      note: '',
    };
    await ada.slash(
      `policy import org ${JSON.stringify({ v: 1, rules: [setting, rule], agents: [], grantable: [] })}`,
    );
    for (const look of LOOKS)
      for (const colorScheme of ['light', 'dark'] as const)
        await takeLook(browser, program.url, look, colorScheme);
  } finally {
    await browser.close();
    await program.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function takeLook(
  browser: Browser,
  url: string,
  look: (typeof LOOKS)[number],
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const hand = await openPageHand(browser, url, { ...look, colorScheme });
  const shoot = (what: string): Promise<Buffer> =>
    hand.page.screenshot({ path: join(OUT, `policy-${what}-${look.name}-${colorScheme}.png`) });
  await hand.become('Ada Byron');
  await hand.openPolicy('Organisation');
  await shoot('tab');
  await hand.press('Add rule');
  await hand.tick('actions', 'github.issues.create');
  await hand.field('outcome').selectOption({ label: 'Ask on a second device' });
  await hand.field('visibility').selectOption({ label: 'public' });
  await hand.modal.getByText('before creating issues').waitFor();
  await hand.modal.locator('.modal-blocks').evaluate((node) => node.scrollTo(0, 0));
  await shoot('rule');
  await hand.pressInModal('Cancel');
  await hand.press('Say it in words');
  await hand.field('sentence').fill('Never mail anyone outside acme.test');
  await hand.pressInModal('Next');
  await hand.modal.getByText('It takes effect at once.').waitFor();
  await shoot('confirm');
  await hand.pressInModal('Cancel');
  await hand.close();
}

await takePictures();
