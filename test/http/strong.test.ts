import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Approval } from '../../src/approvals/deps.ts';
import { findById } from '../../src/approvals/query.ts';
import { ask, clearOpen, createMailModel } from '../support/attack-desk.ts';
import { click, countEffects } from '../support/attack.ts';
import { openBrowser } from '../support/browser.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';
import {
  askStrongly,
  createHolder,
  enrol,
  letItCount,
  listRows,
  openStrong,
  type Holder,
  type StrongDesk,
} from '../support/strong.ts';

let browser: Browser;
let test: TestDesk;
let desk: StrongDesk;
let ben: Holder;
let ada: Holder;

beforeAll(async () => {
  browser = await openBrowser();
  test = await startTestDesk(createMailModel());
  askStrongly(test);
  for (const member of ['U0BEN', 'U0ADA']) await test.connect('google-oauth2', member);
  desk = await openStrong(test);
});
beforeEach(async () => {
  [ben, ada] = [await createHolder(browser), await createHolder(browser)];
});
afterEach(async () => {
  // Whatever the page did, the browser's own protection had nothing to block.
  expect([...ben.blocked, ...ada.blocked]).toEqual([]);
  await Promise.all([ben.close(), ada.close()]);
  await clearOpen(test);
  await test.database.owner`update agentdesk.factors set removed_at = now() where removed_at is null`;
});
afterAll(async () => {
  await desk.stop();
  await browser.close();
  await test.stop();
});

/** Ben asks for a mail and clicks Approve in Slack. */
async function askAndClick(): Promise<{ turn: string; approval: Approval }> {
  const asked = await ask(test);
  await click(test, asked.approval.id, 'approve');
  await test.desk.agent.run(asked.turn);
  return asked;
}

const now = async (approval: Approval): Promise<Approval | null> =>
  findById(test.desk.database, WORKSPACE, approval.id);

async function events(type: string): Promise<{ outcome: string; why: string | null; actor: string }[]> {
  return test.database.owner<{ outcome: string; why: string | null; actor: string }[]>`
    select outcome, why, actor from agentdesk.audit_events where type = ${type} order by id`;
}

describe('the second device', () => {
  it('is made in the browser, counts after a day, and then confirms what the card showed', async () => {
    const page = await ben.visit(await desk.ask('U0BEN'));
    expect(page).toContain('Ben Okri');
    expect(page).toContain('counts after 24 hours');
    expect(await ben.press()).toContain('counts in 24 hours');
    const [factor] = await listRows(test, 'U0BEN');
    const hours = ((factor?.countsFrom.getTime() ?? 0) - (factor?.createdAt.getTime() ?? 0)) / 3_600_000;
    expect(hours).toBeCloseTo(24, 2);
    expect(test.news.at(-1)).toMatchObject({ memberId: 'U0BEN' });
    expect(test.news.at(-1)?.adminText).toContain('passkey vouch');

    // Before the day is over not even the click is taken: nothing could follow it.
    const early = await ask(test);
    await expect(click(test, early.approval.id, 'approve')).rejects.toThrow('counts from');
    expect((await now(early.approval))?.status).toBe('pending');
    await letItCount(test, 'U0BEN');

    const before = countEffects(test);
    const { turn, approval } = early;
    await click(test, approval.id, 'approve');
    const waiting = await test.desk.agent.run(turn);
    expect(waiting.status).toBe('waiting');
    expect(waiting.calls.map((call) => call.status)).toEqual(['approved']);
    const shown = await ben.visit(desk.confirmLink(approval.id));
    for (const part of ['priya@acme.test', approval.code, 'Subject', 'Send']) expect(shown).toContain(part);
    expect(new URL(ben.page.url()).hostname).toBe('localhost');
    expect(countEffects(test)).toBe(before);

    expect(await ben.press()).toContain('Confirmed');
    expect((await now(approval))?.strongAt).not.toBeNull();
    const rows = await test.database.owner`
      select kind from agentdesk.inbox where turn_id = ${turn} order by id desc limit 1`;
    expect(rows[0]?.['kind']).toBe('resume');
    const done = await test.desk.agent.run(turn);
    expect(done.calls.map((call) => [call.status, call.errorMessage])).toEqual([['done', null]]);
    expect(countEffects(test)).toBe(before + 1);
    expect((await events('approval.confirmed')).at(-1)?.actor).toBe('member:U0BEN');

    // The page is of no more use.
    expect(await ben.visit(desk.confirmLink(approval.id))).toContain('confirmed already');
  });

  it('counts at once when an admin vouches with theirs, and with nothing less', async () => {
    await ben.visit(await desk.ask('U0BEN'));
    await ben.press();
    const [factor] = await listRows(test, 'U0BEN');
    const id = factor?.id.slice(0, 8) ?? '';
    await expect(desk.ask('U0ADA', 'vouch', id, true)).rejects.toThrow('you have none yet');
    await enrol(test, desk, ada, 'U0ADA');
    await expect(desk.ask('U0ADA', 'vouch', id, false)).rejects.toThrow('not yours');
    await expect(desk.ask('U0BEN', 'vouch', id, true)).rejects.toThrow('someone else');
    const link = await desk.ask('U0ADA', 'vouch', id, true);
    // Whoever else opens the admin's link has not the admin's passkey.
    await ben.visit(link);
    expect(await ben.press()).toContain('not on this device');
    // That browser began it: a link is for one.
    await ada.visit(link);
    expect(await ada.press()).toContain('another browser');
    await ada.visit(await desk.ask('U0ADA', 'vouch', id, true));
    expect(await ada.press()).toContain('counts now');
    const [vouched] = await listRows(test, 'U0BEN');
    expect(vouched?.vouchedBy).toBe('U0ADA');
    await ask(test);
    const { approval } = await askAndClick();
    await ben.visit(desk.confirmLink(approval.id));
    expect(await ben.press()).toContain('Confirmed');
  });

  it('is not offered before it is there: the sentence says how to get one', async () => {
    const { approval } = await ask(test);
    await expect(click(test, approval.id, 'approve')).rejects.toThrow('Make one with /agentdesk passkey');
    expect((await now(approval))?.status).toBe('pending');
    expect(await ben.visit(desk.confirmLink(approval.id))).toContain('Approve it in Slack first');
    expect((await events('approval.refused')).at(-1)?.outcome).toBe('factor_missing');
  });

  it('has to see the person: no user verification, no confirmation', async () => {
    await enrol(test, desk, ben, 'U0BEN');
    const { turn, approval } = await askAndClick();
    await ben.visit(desk.confirmLink(approval.id));
    await ben.verify(false);
    expect(await ben.press()).toContain('cancelled');
    await ben.verify(true);
    expect((await now(approval))?.strongAt).toBeNull();
    expect((await test.desk.agent.run(turn)).status).toBe('waiting');
  });

  it('is the approver’s own: another member’s passkey confirms nothing', async () => {
    await enrol(test, desk, ben, 'U0BEN');
    await enrol(test, desk, ada, 'U0ADA');
    const { approval } = await askAndClick();
    await ada.visit(desk.confirmLink(approval.id));
    expect(await ada.press()).toContain('not on this device');
    expect((await now(approval))?.strongAt).toBeNull();
  });
});

describe('a stolen Slack session', () => {
  it('makes no second passkey without the first', async () => {
    await enrol(test, desk, ben, 'U0BEN');
    // The thief has Ben's Slack, so has the link; and a device of their own.
    const thief = await createHolder(browser);
    await thief.visit(await desk.ask('U0BEN'));
    expect(await thief.press()).toContain('the one you had before has to agree');
    expect(await thief.page.locator('#go').textContent()).toBe('Confirm with the passkey you had');
    expect(await thief.press()).toContain('not on this device');
    await thief.close();
    expect(await listRows(test, 'U0BEN')).toHaveLength(1);
  });

  it('removes none without it either; nor does a member remove another’s', async () => {
    const id = await enrol(test, desk, ben, 'U0BEN');
    const thief = await createHolder(browser);
    await thief.visit(await desk.ask('U0BEN', 'remove', id.slice(0, 8)));
    expect(await thief.press()).toContain('not on this device');
    await thief.close();
    await expect(desk.ask('U0ADA', 'remove', id.slice(0, 8))).rejects.toThrow('not yours');
    expect(await listRows(test, 'U0BEN')).toHaveLength(1);
  });

  it('that was first with a passkey is seen, and an admin takes it away in time', async () => {
    await enrol(test, desk, ada, 'U0ADA');
    const thief = await createHolder(browser);
    await thief.visit(await desk.ask('U0BEN'));
    await thief.press();
    await thief.close();
    const [stolen] = await listRows(test, 'U0BEN');
    expect(test.news.at(-1)?.text).toContain('If that was not you');
    // It waits; nobody makes another one beside it.
    await expect(desk.ask('U0BEN')).rejects.toThrow('counts from');
    await ada.visit(await desk.ask('U0ADA', 'remove', stolen?.id.slice(0, 8) ?? '', true));
    expect(await ada.press()).toContain('removed');
    expect(await listRows(test, 'U0BEN')).toEqual([]);
    expect((await events('factor.removed')).at(-1)).toMatchObject({
      actor: 'member:U0ADA',
      outcome: 'by an admin',
    });
  });
});

describe('a change of passkeys', () => {
  it('adds one with the word of the first, counting at once, and removes one with its own', async () => {
    const first = await enrol(test, desk, ben, 'U0BEN');
    await ben.visit(await desk.ask('U0BEN'));
    // The authenticator that holds one already is left out by the browser; a second device takes the new one.
    const unplug = await ben.plugAnother();
    expect(await ben.press()).toContain('the one you had before');
    await unplug();
    await ben.presence(true);
    expect(await ben.press()).toContain('counts from now on');
    const both = await listRows(test, 'U0BEN');
    expect(both).toHaveLength(2);
    await ben.visit(await desk.ask('U0BEN', 'remove', first.slice(0, 8)));
    expect(await ben.press()).toContain('removed');
    expect((await listRows(test, 'U0BEN')).map((row) => row.id)).toEqual([both[1]?.id]);
  });

  it('uses up its link', async () => {
    const link = await desk.ask('U0BEN');
    await ben.visit(link);
    await ben.press();
    expect(await ben.visit(link)).toContain('not good any more');
  });
});
