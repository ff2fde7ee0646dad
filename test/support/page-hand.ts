import type { Browser, Locator, Page } from 'playwright-core';

export type PageHand = Awaited<ReturnType<typeof openPageHand>>;

const LONGEST_MS = 20_000;

/**
 * A person at the sandbox's page, in a real browser: finds things by what they say, as people do.
 * @param look how the window is
 */
export async function openPageHand(
  browser: Browser,
  url: string,
  look: { width: number; height: number; colorScheme?: 'light' | 'dark' } = { width: 1280, height: 900 },
) {
  const { width, height, colorScheme = 'light' } = look;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page: Page = await context.newPage();
  page.setDefaultTimeout(LONGEST_MS);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  const isNarrow = width < 700;
  const home = page.locator('#home');
  const modal = page.locator('#modal');
  const pane = async (name: string): Promise<void> => {
    if (isNarrow) await page.locator(`.panes [data-pane=${name}]`).click();
  };
  const within = (place: Locator, name: string): Locator => place.getByRole('button', { name, exact: true });
  /** Home is drawn anew when it was opened, which may come after the click and show what was there before. */
  const pressUntil = async (name: string, isDone: () => Promise<boolean>): Promise<void> => {
    for (let look = 0; look < 60; look += 1) {
      if (look % 12 === 0) await within(home, name).click();
      await page.waitForTimeout(250);
      if (await isDone()) return;
    }
    throw new Error(`pressing ${name} came to nothing`);
  };
  await page.goto(url);
  return {
    page,
    home,
    modal,
    troubles,
    async become(name: string): Promise<void> {
      await pane('side');
      await page.getByRole('button', { name: new RegExp(name) }).click();
      await page
        .getByRole('button', { name: new RegExp(name), pressed: true })
        .waitFor({ state: 'attached' });
    },
    /** Opens the Policy tab of App Home. */
    async openPolicy(scope: 'My rules' | 'Organisation' | null): Promise<void> {
      await pane('side');
      if (!(await home.isVisible())) await page.getByRole('button', { name: 'App Home' }).click();
      const title = home.getByText('What I may do for you');
      // From another tab, so that what is seen afterwards was drawn for this.
      await pressUntil('Accounts', async () => !(await title.isVisible()));
      await pressUntil('Policy', () => title.isVisible());
      const organisation = home.getByText('The organisation’s rules hold for everyone.');
      if (scope === 'Organisation') await pressUntil('Organisation', () => organisation.isVisible());
    },
    async openChat(): Promise<void> {
      await pane('side');
      await page
        .getByRole('button', { name: /^AgentDesk/ })
        .first()
        .click();
    },
    async say(text: string): Promise<void> {
      const field = page.getByLabel('Message', { exact: true });
      await field.fill(text);
      await field.press('Enter');
    },
    press: (name: string) => within(home, name).click(),
    /** The first of them, where several are called so. */
    pressInModal: (name: string) => within(modal, name).first().click(),
    /** The control of an input of the open form. */
    field: (block: string) => modal.locator(`.block[data-block="${block}"] .field`),
    /** Ticks choices of a list that folds out, and folds it in again. */
    async tick(block: string, ...choices: string[]): Promise<void> {
      const input = modal.locator(`.block[data-block="${block}"]`);
      await input.locator('summary').click();
      for (const choice of choices) await input.getByLabel(choice, { exact: true }).check();
      await input.locator('summary').click();
    },
    /** The choice of what is done with an action, in Home. */
    choice: (action: string) => home.locator(`.block[data-block$="_${action}"] select`),
    shows: (text: string | RegExp) => page.getByText(text).last().waitFor(),
    close: () => context.close(),
  };
}
