import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../src/slack/register.ts';
import { enter, expectNothing, tellTheTruth, untilQuiet } from './clicks.ts';
import { findButton } from './look.ts';
import {
  ask,
  attempt,
  cardNow,
  createProposer,
  eventually,
  imOf,
  mail,
  mailsSent,
  press,
  statusOf,
  whispersTo,
  type Asked,
} from './people.ts';
import type { WholeDesk } from './whole-desk.ts';

/** Bugs other approval bots have with what they remember. */

const model = createProposer();
let desk: WholeDesk;

describe('bugs that other approval bots have, with what they remember', () => {
  beforeAll(async () => {
    desk = await enter(model);
  });
  afterEach(async () => {
    tellTheTruth(desk);
    await untilQuiet(desk);
  });
  afterAll(() => desk.stop());

  const settled = (one: Asked, word: string) =>
    eventually(`the card says ${word}`, () => cardNow(desk, one.card).text.startsWith(word));
  const type = (text: string) => desk.world.slash('U0BEN', imOf('U0BEN'), '/agentdesk', text);

  it('D1: what waits for a decision is still there after a restart, by card, list and code', async () => {
    const [one, two] = [
      await ask(desk, model, mail({ subject: 'By its card' })),
      await ask(desk, model, mail({ subject: 'By its code' })),
    ];
    await desk.restart();
    await type('pending');
    await eventually('the list', () =>
      [one, two].every(({ approval }) => whispersTo(desk).at(-1)?.includes(approval.code)),
    );
    await press(desk, one.card, 'approve');
    await settled(one, 'Done');
    await desk.restart();
    await type(`deny ${two.approval.code} not now`);
    await settled(two, 'Denied');
    expect(mailsSent(desk)).toBe(1);
  });

  it('D2: every button that is drawn anywhere has somebody who answers it', () => {
    const files = readdirSync('src/slack', { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const source = files.map((name) => readFileSync(join('src/slack', name), 'utf8')).join('\n');
    const drawn = [
      ...source.matchAll(/button\(\s*(?:'[^']*'|`[^`]*`|\w+(?:\([^)]*\))?)(?: [^,]*)?,\s*'([a-z_-]+)'/g),
      ...source.matchAll(/action_id: '([a-z_-]+)'/g),
    ].map((match) => match[1] ?? '');
    expect(drawn).toEqual(expect.arrayContaining(['approve', 'deny', 'show_everything', 'edit']));
    const answered = new Set(Object.keys(routes.actions));
    // Inputs of a form are read when it is sent; nothing arrives when they are typed in.
    const inputs = new Set(['value', 'text']);
    expect([...new Set(drawn)].filter((id) => !answered.has(id) && !inputs.has(id))).toEqual([]);
  });

  it('D2: a click is answered while the database is busy with that very approval', async () => {
    const one = await ask(desk, model, mail({ subject: 'Busy' }));
    const sent = mailsSent(desk);
    await desk.database.owner.begin(async (tx) => {
      await tx`select 1 from agentdesk.approvals where id = ${one.approval.id} for update`;
      await press(desk, one.card, 'approve');
      expect(mailsSent(desk)).toBe(sent);
    });
    await settled(one, 'Done');
    expect(mailsSent(desk)).toBe(sent + 1);
  });

  it('D2: a card is drawn anew although Slack did not take it at first', async () => {
    const one = await ask(desk, model, mail({ subject: 'Redrawn' }));
    desk.world.faults.failNext('chat.update', { status: 429, retryAfter: 1 });
    await press(desk, one.card, 'deny');
    await settled(one, 'Denied');
    expect(findButton(cardNow(desk, one.card), 'approve')).toBeNull();
  });

  it.each(['edit', 'deny_with_reason'])(
    'D2: %s says so when Slack does not open the form',
    async (action) => {
      const one = await ask(desk, model, mail({ subject: action }));
      desk.world.faults.failNext('views.open', { error: 'expired_trigger_id' });
      const said = whispersTo(desk).length;
      await press(desk, one.card, action);
      await eventually('a sentence', () => whispersTo(desk).length === said + 1);
      expect(whispersTo(desk).at(-1)).toContain('Press the button again');
      await press(desk, one.card, action);
      const form = await eventually('the form', () => desk.world.view('U0BEN'));
      desk.world.closeView('U0BEN', form.id);
      await press(desk, one.card, 'deny');
      await settled(one, 'Denied');
    },
  );

  it('D3: a decision made elsewhere is on every copy, or the copy decides nothing and says so', async () => {
    const one = await ask(desk, model, mail({ subject: 'Copies' }));
    const home = (words: string) =>
      eventually(`Home says ${words}`, () => {
        const view = desk.world.home('U0BEN');
        return view !== null && JSON.stringify(view).includes(words) && view;
      });
    await desk.world.openHome('U0BEN');
    const tab = findButton(await home('home_tab_approvals'), 'home_tab_approvals');
    if (tab === null) throw new Error('no tab');
    await desk.world.click('U0BEN', { home: true }, tab);
    const listed = await home(one.approval.code);
    const show = findButton(listed, 'show_everything');
    if (show === null) throw new Error('not listed');
    await desk.world.click('U0BEN', { home: true }, show);
    const modal = await eventually('the modal', () => desk.world.view('U0BEN'));
    const inModal = findButton(modal.view, 'approve');
    if (inModal === null) throw new Error('nothing to press in the modal');

    // On another device:
    await type(`deny ${one.approval.code}`);
    await settled(one, 'Denied');
    await untilQuiet(desk);
    expect(findButton(cardNow(desk, one.card), 'deny')).toBeNull();

    const { audit } = await attemptQuietly(() => desk.world.click('U0BEN', { viewId: modal.id }, inModal));
    expect(audit).toEqual(['member:U0BEN approval.refused already_decided']);
    const notice = await eventually('the modal says so', () => {
      const view = desk.world.view('U0BEN');
      return view !== null && JSON.stringify(view.view).includes('Already denied by') && view;
    });
    expect(findButton(notice.view, 'approve')).toBeNull();
    desk.world.closeView('U0BEN', notice.id);

    const stale = findButton(desk.world.home('U0BEN'), 'deny');
    if (stale !== null) {
      const inHome = await attemptQuietly(() => desk.world.click('U0BEN', { home: true }, stale));
      expect(inHome.audit).toEqual(['member:U0BEN approval.refused already_decided']);
      await home('Already denied by');
    }
    await desk.world.openHome('U0BEN');
    await eventually('Home lists it no more', () => findButton(desk.world.home('U0BEN'), 'deny') === null);
    expect(await statusOf(desk, one)).toBe('denied');
  });

  /** The same where the sentence is no whisper but stands in the view itself. */
  async function attemptQuietly(run: () => Promise<unknown>): Promise<{ audit: string[] }> {
    return attempt(desk, run, 'U0BEN', false);
  }

  it('D3: a card that heard of nothing is brought up to date by a click on it', async () => {
    const one = await ask(desk, model, mail({ subject: 'Stale' }));
    // The card's update is lost for good, as when Slack refuses it.
    desk.world.faults.failNext('chat.update', { error: 'restricted_action' });
    await type(`deny ${one.approval.code}`);
    await eventually('the decision', async () => (await statusOf(desk, one)) === 'denied');
    await untilQuiet(desk);
    const card = cardNow(desk, one.card);
    expect(findButton(card, 'approve')).not.toBeNull();
    await expectNothing(desk, one, () => press(desk, card, 'approve'), {
      event: 'member:U0BEN approval.refused already_decided',
      words: 'Already denied by <@U0BEN>',
    });
    await settled(one, 'Denied');
    expect(desk.world.violations()).toEqual([]);
  });
});
