import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { dayOf } from '../../src/slack/blocks/audit-when.ts';
import { findButton, findLine } from './look.ts';
import {
  ask,
  auditAfter,
  botMessages,
  cardNow,
  createProposer,
  eventually,
  imOf,
  mail,
  press,
  seenBy,
} from './people.ts';
import { enter } from './clicks.ts';
import type { WholeDesk } from './whole-desk.ts';

let desk: WholeDesk | null = null;
afterEach(async () => {
  await desk?.stop();
  desk = null;
});

const TEXT = 'The plan. The key is sk_live_4242ABCDEFGH4242ijkl, keep it.';

/** Ben has a mail sent, with a click; a week passes. */
async function lastWeek() {
  const model = createProposer();
  const self = await enter(model);
  desk = self;
  const { card, approval } = await ask(self, model, mail({ text: TEXT }));
  await press(self, card, 'approve');
  await eventually('it is done', () => botMessages(self).find((one) => one.text.startsWith('Done')));
  await self.database.owner.unsafe(`alter table agentdesk.audit_events disable trigger audit_events_no_change;
    update agentdesk.audit_events set at = at - interval '7 days';
    alter table agentdesk.audit_events enable trigger audit_events_no_change`);
  const home = (user: string, words: string) =>
    eventually(`Home with ${words}`, () => {
      const view = self.world.home(user);
      return view !== null && JSON.stringify(view).includes(words) && view;
    });
  const choose = async (user: string, view: unknown, id: string, more: Record<string, unknown> = {}) => {
    const button = findButton(view, id);
    if (button === null) throw new Error(`no ${id}`);
    await self.world.click(user, { home: true }, { ...button, ...more });
  };
  const reads = async () =>
    (await auditAfter(self, '0')).filter((one) => one.type === 'audit.read').map((one) => one.target);
  const modal = (user: string, words: string) =>
    eventually(`a form with ${words}`, () => {
      const open = self.world.view(user);
      return open !== null && JSON.stringify(open.view).includes(words) && open;
    });
  const day = dayOf(new Date(Date.now() - 7 * 86_400_000), 'Europe/Berlin');
  return { self, card, approval, home, choose, reads, modal, day };
}

describe('a reviewer', () => {
  it('answers what, for whom, by whom, under which rule and what left in three clicks', async () => {
    const { self, approval, home, choose, reads, modal, day } = await lastWeek();
    await self.world.openHome('U0ADA');
    // One.
    await choose('U0ADA', await home('U0ADA', 'Connected accounts'), 'home_tab_audit');
    // Two.
    const any = await home('U0ADA', 'What was done in this workspace');
    await choose('U0ADA', any, 'audit_day', { selected_date: day });
    const list = await home('U0ADA', `Only: on ${day}`);
    expect(JSON.stringify(list)).toMatch(
      new RegExp(
        `for Ben Okri · Sent an e-mail: “Plan” to priya@acme.test · approved by Ben Okri in [0-9.]+ s · ${approval.code}`,
      ),
    );
    expect(JSON.stringify(list)).not.toMatch(/member:U|U0BEN/);
    // Three.
    await self.world.click('U0ADA', { home: true }, findLine(list, 'Sent an e-mail'));
    const story = JSON.stringify((await modal('U0ADA', 'Story of')).view);
    for (const words of [
      'Sent an e-mail: “Plan” to priya@acme.test',
      'Ben Okri wrote',
      'The policy said: ask',
      'policy version',
      'Ben Okri was asked',
      'approved by Ben Okri in',
      'a click on the card',
      'The signed answer was verified',
      'A lease was opened to do it',
      'connection google-oauth2',
      'asked for: ',
      'POST gmail.googleapis.com/gmail/v1/users/{user}/drafts/send'.slice(0, 26),
      'answered 200',
      createHash('sha256').update(TEXT).digest('hex').slice(0, 16),
      'The plan. The key is [left out], keep it.',
      'requests to gmail.googleapis.com',
    ])
      expect(story).toContain(words);
    expect(story).not.toContain('sk_live');
    // Looking was recorded once a view: the tab, the day, the call.
    expect(await reads()).toEqual(['home', 'home', 'call']);
    expect(self.world.violations()).toEqual([]);
  });

  it('goes from story to story within what the timeline shows, and gets it as a file', async () => {
    const { self, home, choose, modal, reads } = await lastWeek();
    await self.world.openHome('U0BEN');
    await choose('U0BEN', await home('U0BEN', 'Connected accounts'), 'home_tab_audit');
    await choose('U0BEN', await home('U0BEN', 'Sent an e-mail'), 'audit_filter');
    const form = await modal('U0BEN', 'Filter the audit');
    // Members have nobody to choose.
    expect(JSON.stringify(form.view)).not.toContain('users_select');
    const values = { service: { value: { type: 'static_select', selected_option: { value: 'gmail' } } } };
    expect(await self.world.submitView('U0BEN', form.id, values)).toEqual({ ok: true });
    const narrow = await home('U0BEN', 'Only: Gmail');
    await self.world.click('U0BEN', { home: true }, findLine(narrow, 'Sent an e-mail'));
    const open = await modal('U0BEN', 'Story of');
    await self.world.click('U0BEN', { viewId: open.id }, findButton(open.view, 'story_older') as never);
    await choose('U0BEN', narrow, 'audit_csv');
    const message = await eventually('a file', () => seenBy(self).find((one) => one.files !== undefined));
    expect(message.files?.[0]?.['name']).toMatch(/^agentdesk-audit-.*\.csv$/);
    expect(message.text).toContain('1 lines, ');
    const exported = (await auditAfter(self, '0')).filter((one) => one.type === 'audit.exported');
    expect(exported).toMatchObject([{ actor: 'member:U0BEN', outcome: 'sent' }]);
    expect(await reads()).toEqual([]);
    expect(self.world.violations()).toEqual([]);
  });

  it('opens the history of a card, and of nobody else’s', async () => {
    const { self, card, modal, approval } = await lastWeek();
    await press(self, cardNow(self, card), 'audit_history');
    const story = JSON.stringify((await modal('U0BEN', 'Story of')).view);
    expect(story).toContain('approved by you in');
    const before = await auditAfter(self, '0');
    self.gateway.onPayload = (payload) => ({
      ...payload,
      user: { ...(payload['user'] as object), id: 'U0GUS' },
    });
    await press(self, cardNow(self, card), 'audit_history');
    const refused = await eventually('a refusal', async () =>
      (await auditAfter(self, before.at(-1)?.id ?? '0')).find((one) => one.type === 'access.refused'),
    );
    expect(refused).toMatchObject({ actor: 'member:U0GUS', target: 'audit' });
    self.gateway.onPayload = null;
    await self.world.slash('U0BEN', imOf('U0BEN'), '/agentdesk', `audit ${approval.code}`);
    await eventually('the story as a message', () =>
      seenBy(self).find((one) => JSON.stringify(one.blocks ?? []).includes('Left the building')),
    );
    await self.world.slash('U0BEN', imOf('U0BEN'), '/agentdesk', 'audit outcome:done service:gmail priya');
    const table = await eventually('a table', () =>
      seenBy(self).find((one) => JSON.stringify(one.blocks ?? []).includes('data_table')),
    );
    expect(table.text).toContain('Sent an e-mail');
    expect(self.world.violations()).toEqual([]);
  });
});
