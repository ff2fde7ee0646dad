import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { checkView } from '../../src/sandbox/slack/blocks/check.ts';
import { append } from '../../src/audit/append.ts';
import { buildAuditDetail } from '../../src/slack/blocks/home-audit.ts';
import { buildHome } from '../../src/slack/blocks/home.ts';
import { FIRST, nextPage, previousPage, readHomeState, writeHomeState } from '../../src/slack/home/state.ts';
import type { AuditRow } from '../../src/audit/query.ts';
import { createSlackDesk, proposeCall, TEAM, type SlackDesk } from './desk.ts';
import { findButton, until } from './look.ts';
import { approvalOf, nasty, presentation } from './presentations.ts';

let desk: SlackDesk | null = null;
afterEach(async () => {
  await desk?.stop();
  desk = null;
});

const row = fc
  .record({
    action: fc.option(nasty),
    target: fc.option(nasty),
    why: fc.option(nasty),
    detail: fc.dictionary(nasty, nasty, { maxKeys: 4 }),
  })
  .map((more): AuditRow => ({
    id: 7,
    workspaceId: TEAM,
    at: new Date('2026-11-24T11:00:00Z'),
    type: 'call.settled',
    actor: 'desk',
    memberId: 'U0BEN',
    agent: null,
    outcome: 'done',
    callId: crypto.randomUUID(),
    code: 'K7QX2M9D',
    turnId: null,
    traceId: null,
    ...more,
  }));

describe('Home views', () => {
  it('stay within Slack’s limits for any data', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 15 }),
        fc.array(presentation, { maxLength: 10 }),
        nasty,
        (rows, shown, notice) => {
          const approvals = shown.map((one) => approvalOf(one) as never);
          const contents = [
            { tab: 'audit' as const, rows, more: true },
            { tab: 'approvals' as const, pending: approvals, recent: approvals },
          ];
          for (const content of contents) {
            const blocks = buildHome({
              state: { ...FIRST, tab: content.tab, page: 3 },
              content,
              notice: notice || null,
              model: notice,
            });
            expect(checkView({ type: 'home', blocks }, 'home')).toEqual([]);
          }
          expect(checkView(buildAuditDetail(rows), 'modal')).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('remember where they were, and nothing false', () => {
    expect(readHomeState(undefined)).toEqual(FIRST);
    expect(readHomeState('{"tab":"root","page":-4,"cursors":"x"}')).toEqual(FIRST);
    let state = { ...FIRST, tab: 'audit' as const };
    for (let page = 1; page <= 300; page += 1) state = { ...nextPage(state, page * 1000), tab: 'audit' };
    expect(writeHomeState(state).length).toBeLessThan(3000);
    expect(readHomeState(writeHomeState(state))).toEqual(state);
    expect(previousPage({ ...FIRST, tab: 'audit', page: 1, cursors: [9] })).toMatchObject({
      page: 0,
      cursors: [],
    });
  });

  it('show tabs, page through the audit, tell a call’s story and decide', async () => {
    const self = await createSlackDesk(async (one, turn) => {
      await proposeCall(one, turn);
      return { status: 'waiting', reply: null };
    });
    desk = self;
    const { world } = self;
    await self.deps.calls.database.transaction((tx) =>
      append(
        tx,
        ...Array.from({ length: 40 }, (_, index) => ({
          workspaceId: TEAM,
          type: 'turn.ended' as const,
          actor: 'desk',
          memberId: 'U0ADA',
          outcome: `number ${index}`,
        })),
      ),
    );
    const home = (words: string, user = 'U0ADA') =>
      until(() => {
        const view = world.home(user);
        return view !== null && JSON.stringify(view).includes(words) && view;
      });
    const press = async (view: unknown, id: string, user = 'U0ADA') => {
      const button = findButton(view, id);
      if (button === null) throw new Error(`no button ${id}`);
      await world.click(user, { home: true }, button);
    };
    await world.openHome('U0ADA');
    await press(await home('Connected accounts'), 'home_tab_audit');
    await press(await home('number 39'), 'audit_older');
    await press(await home('number 24'), 'audit_newer');
    await press(await home('number 39'), 'home_tab_policy');
    await press(await home('gmail.messages.send: needs your approval'), 'home_tab_accounts');
    await press(await home('None yet'), 'connect_github');
    const modal = await until(() => world.view('U0ADA'));
    expect(JSON.stringify(modal.view)).toContain('http://127.0.0.1:3000/connect/');

    world.say('U0BEN', 'D0BEN', 'mail priya');
    await until(() => world.messages('D0BEN', 'U0BEN').find((one) => findButton(one, 'approve')));
    await world.openHome('U0BEN');
    await press(await home('Connected accounts', 'U0BEN'), 'home_tab_approvals', 'U0BEN');
    await press(await home('Waiting for you', 'U0BEN'), 'deny', 'U0BEN');
    await press(await home('is denied', 'U0BEN'), 'home_tab_audit', 'U0BEN');
    await press(await home('approval.decided', 'U0BEN'), 'audit_detail', 'U0BEN');
    const story = await until(() => world.view('U0BEN'));
    expect(JSON.stringify(story.view)).toContain('approval.requested');
    expect(world.violations()).toEqual([]);
  });
});
