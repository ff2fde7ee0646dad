import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { checkMessageBlocks, checkView } from '../../src/sandbox/slack/blocks/check.ts';
import { append, type AuditEvent } from '../../src/audit/append.ts';
import { markSeen } from '../../src/approvals/seen.ts';
import { VOCABULARY, type AuditType } from '../../src/audit/vocabulary.ts';
import { auditEvents } from '../../src/db/schema/records.ts';
import { wakeHome } from '../../src/db/work.ts';
import { buildStory } from '../../src/slack/blocks/audit-story.ts';
import { buildAuditTable } from '../../src/slack/blocks/audit-table.ts';
import { buildHome } from '../../src/slack/blocks/home.ts';
import { answerCommand } from '../../src/slack/commands/agentdesk.ts';
import { announce } from '../../src/slack/deliver/announce.ts';
import { readAuditFilter } from '../../src/slack/home/audit-filter.ts';
import { writeStoryState } from '../../src/slack/home/story-state.ts';
import type { InsightsPage } from '../../src/slack/home/read-insights.ts';
import { FIRST, nextPage, previousPage, readHomeState, writeHomeState } from '../../src/slack/home/state.ts';
import type { AuditRow } from '../../src/audit/query.ts';
import { createSlackDesk, proposeCall, TEAM, type SlackDesk } from './desk.ts';
import { findButton, findLine, until } from './look.ts';
import { approvalOf, nasty, presentation } from './presentations.ts';

let desk: SlackDesk | null = null;
afterEach(async () => {
  await desk?.stop();
  desk = null;
});

const row = fc
  .record({
    type: fc.constantFrom(...(Object.keys(VOCABULARY) as AuditType[])),
    actor: fc.constantFrom('desk', 'member:U0BEN', 'agent:default', 'agent:other'),
    outcome: fc.oneof(fc.constantFrom('done', 'approve', 'denied'), nasty),
    action: fc.option(nasty),
    target: fc.option(nasty),
    why: fc.option(nasty),
    callId: fc.option(fc.uuid()),
    code: fc.option(fc.constant('K7QX2M9D')),
    detail: fc.oneof(
      fc.dictionary(nasty, nasty, { maxKeys: 4 }),
      fc.record({
        title: nasty,
        line: nasty,
        content: fc.array(fc.record({ label: nasty, preview: nasty, length: fc.nat(), sha256: nasty })),
        rules: fc.array(fc.record({ id: nasty, reason: nasty, layer: nasty })),
        seconds: fc.nat(),
        from: nasty,
        scopes_asked: fc.array(nasty),
        method: nasty,
        path: nasty,
        text: fc.record({ preview: nasty, sha256: nasty, length: fc.nat() }),
      }),
    ),
  })
  .map((more): AuditRow => ({
    id: 7,
    workspaceId: TEAM,
    at: new Date('2026-11-24T11:00:00Z'),
    memberId: 'U0BEN',
    agent: null,
    turnId: null,
    traceId: null,
    ...more,
  }));

/** Everything in it is what someone could have written. */
function insightsOf(text: string, reader: InsightsPage['reader']): InsightsPage {
  const counts = Array.from({ length: 20 }, (_, index) => ({
    name: `${text}${index}`,
    count: index * 9_999,
  }));
  const days = ['2026-11-23', '2026-11-24'];
  const byDay = counts.flatMap((count) => days.map((day) => ({ day, ...count })));
  const answers = { memberId: 'U0BEN', answers: 9, denied: 0, quick: 3, unread: 4 };
  return {
    insights: {
      days: 30,
      actions: byDay,
      exchanges: byDay,
      policy: counts,
      answers: counts,
      decision: { median: 3.4, p95: 9_000 },
      denials: counts,
      targets: counts,
      answering: [answers],
    },
    reader,
    chartDays: days,
    finding: { text, at: new Date() },
  };
}

const line = fc.record({ head: row, steps: fc.array(row, { maxLength: 12 }) });

describe('Home views', () => {
  it('stay within Slack’s limits for any data', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 15 }),
        fc.array(presentation, { maxLength: 10 }),
        nasty,
        fc.option(nasty),
        (lines, shown, notice, name) => {
          const approvals = shown.map((one) => approvalOf(one) as never);
          const reader = {
            memberId: 'U0ADA',
            isAdmin: name !== null,
            zone: 'Europe/Berlin',
            names: new Map([['U0BEN', name ?? 'Ben']]),
          };
          const filter = readAuditFilter({
            member: 'U0BEN',
            text: notice,
            from: '2026-11-17',
            agent: notice,
          });
          const page = { lines, reader, filter, more: true, cutShort: true };
          const contents = [
            { tab: 'audit' as const, ...page, drawn: 'x' },
            { tab: 'insights' as const, ...insightsOf(notice, reader) },
            {
              tab: 'approvals' as const,
              pending: approvals,
              recent: approvals,
              grants: { grants: [], suggestions: [] },
            },
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
          expect(checkMessageBlocks(buildAuditTable(page, notice))).toEqual([]);
          for (const { head, steps } of lines.slice(0, 3)) {
            const story = { story: { head, events: [head, ...steps] }, reader };
            expect(checkView(buildStory(story, writeStoryState({ head: 1, filter })), 'modal')).toEqual([]);
          }
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
          type: 'account.disconnected' as const,
          actor: 'desk',
          memberId: 'U0ADA',
          outcome: 'disconnected',
          target: `number ${index}`,
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
    await world.click(
      'U0BEN',
      { home: true },
      findLine(await home('denied by you in', 'U0BEN'), 'denied by you'),
    );
    const story = JSON.stringify((await until(() => world.view('U0BEN'))).view);
    expect(story).toContain('You were asked');
    expect(story).toContain('mail-out: Mail to others needs a yes. (policy version v1)');
    expect(story).toContain('a click in App Home');
    expect(world.violations()).toEqual([]);
  });
});

const event = (memberId: string | null, outcome: string, workspaceId = TEAM): AuditEvent => ({
  workspaceId,
  type: 'account.disconnected',
  actor: memberId === null ? 'operator' : 'desk',
  memberId,
  target: outcome,
  outcome: 'disconnected',
});

describe('the audit', () => {
  async function openDesk() {
    const self = await createSlackDesk(async (one, turn) => {
      await proposeCall(one, turn);
      return { status: 'waiting', reply: null };
    });
    desk = self;
    const { world, deps } = self;
    const { database } = deps.calls;
    const write = (...events: AuditEvent[]) => database.transaction((tx) => append(tx, ...events));
    await write(
      event('U0BEN', 'of-ben'),
      event('U0ADA', 'of-ada'),
      event('U0GONE', 'of-someone-gone'),
      event(null, 'of-the-operator'),
      event('U0ADA', 'of-elsewhere', 'T0OTHER'),
    );
    return {
      self,
      write,
      home: (user: string, words: string) =>
        until(() => {
          const view = world.home(user);
          return view !== null && JSON.stringify(view).includes(words) && view;
        }),
      async press(user: string, view: unknown, id: string) {
        const button = findButton(view, id);
        if (button === null) throw new Error(`no button ${id}`);
        await world.click(user, { home: true }, button);
      },
      async reads() {
        const rows = await database.within(TEAM, (tx) =>
          tx.select().from(auditEvents).orderBy(auditEvents.id),
        );
        return rows
          .filter((one) => one.type === 'audit.read')
          .map(({ actor, target }) => ({ actor, target }));
      },
      type: (memberId: string, text: string) =>
        answerCommand(deps, { workspaceId: TEAM, memberId, teamId: null }, text, 'D0'),
      redraw: (memberId: string) =>
        database.transaction((tx) => wakeHome(tx, deps.calls.jobs, { workspaceId: TEAM, memberId })),
    };
  }

  it('shows an admin the workspace, member by member, and records that they looked once an opening', async () => {
    const { self, write, home, press, reads, redraw } = await openDesk();
    await self.world.openHome('U0ADA');
    await press('U0ADA', await home('U0ADA', 'Connected accounts'), 'home_tab_audit');
    const seen = JSON.stringify(await home('U0ADA', 'What was done in this workspace'));
    expect(seen).toMatch(/· for Ben Okri · An account was disconnected[^·]* · by AgentDesk · of-ben/);
    expect(seen).toMatch(/:\d\d · An account was disconnected[^·]* · by AgentDesk · of-ada/);
    expect(seen).toMatch(/for U0GONE · .* of-someone-gone/);
    expect(seen).toContain('by the operator · of-the-operator');
    expect(seen).not.toContain('of-elsewhere');
    expect(await reads()).toEqual([{ actor: 'member:U0ADA', target: 'home' }]);

    // Drawn anew, and paged through, it is the same opening.
    await write(...Array.from({ length: 20 }, (_, index) => event('U0BEN', `later-${index}`)));
    await redraw('U0ADA');
    await press('U0ADA', await home('U0ADA', 'later-19'), 'audit_older');
    await home('U0ADA', 'later-3');
    expect(await reads()).toHaveLength(1);
    await self.world.openHome('U0ADA');
    await until(async () => (await reads()).length === 2 || null);
    // Someone who is gone is asked for; and of two draws at once Slack takes one.
    const harmless = ['user_not_found', 'hash_conflict'];
    expect(self.world.violations().filter(({ error }) => !harmless.includes(error))).toEqual([]);
  });

  it('shows a member only their own, and nothing is recorded of that', async () => {
    const { self, home, press, reads, type } = await openDesk();
    await self.world.openHome('U0BEN');
    await press('U0BEN', await home('U0BEN', 'Connected accounts'), 'home_tab_audit');
    const seen = JSON.stringify(await home('U0BEN', 'What was done for you'));
    expect(seen).toContain('by AgentDesk · of-ben');
    expect(seen).not.toMatch(/of-ada|of-someone-gone|of-the-operator|of-elsewhere/);
    const reply = JSON.stringify(await type('U0BEN', 'audit'));
    expect(reply).toContain('of-ben');
    expect(reply).not.toMatch(/of-ada|of-someone-gone|of-the-operator|of-elsewhere/);
    expect(await reads()).toEqual([]);
  });

  it('answers /agentdesk audit alike, by number and by code', async () => {
    const { self, reads, type } = await openDesk();
    self.world.say('U0BEN', 'D0BEN', 'mail priya');
    const card = await until(() =>
      self.world.messages('D0BEN', 'U0BEN').find((one) => findButton(one, 'approve')),
    );
    const code = /[0-9A-F]{8}/.exec(JSON.stringify(card.blocks))?.[0] ?? '';
    const all = JSON.stringify(await type('U0ADA', 'audit 40'));
    expect(all).toContain('Ben Okri');
    expect(all).not.toContain('of-elsewhere');
    const one = JSON.stringify(await type('U0ADA', `audit ${code}`));
    expect(one).toContain('Ben Okri was asked');
    expect(await reads()).toEqual([
      { actor: 'member:U0ADA', target: 'command' },
      { actor: 'member:U0ADA', target: 'command' },
    ]);
    expect((await type('U0ADA', 'audit ZZZZZZZZ')).text).toBe('There is nothing under that.');
    expect(JSON.stringify(await type('U0GUS', `audit ${code}`))).toContain('nothing of yours under that');
    expect(await reads()).toHaveLength(2);
  });

  it('counts the last days for an admin, and does without charts where Slack takes none', async () => {
    const { self, home, press, reads, write } = await openDesk();
    const common = { workspaceId: TEAM, memberId: 'U0BEN', action: 'gmail.messages.send' };
    await write({ ...common, type: 'call.settled', actor: 'desk', outcome: 'done' });
    await self.world.openHome('U0ADA');
    await press('U0ADA', await home('U0ADA', 'Connected accounts'), 'home_tab_insights');
    const charts = JSON.stringify(await home('U0ADA', 'This workspace, the last 30 days'));
    expect(charts).toContain('data_visualization');
    expect(charts).toContain('1 (100 %)  Gmail');
    expect(await reads()).toEqual([{ actor: 'member:U0ADA', target: 'insights' }]);
    expect(self.world.violations()).toEqual([]);
    await press('U0ADA', await home('U0ADA', 'This workspace'), 'home_tab_accounts');
    const accounts = await home('U0ADA', 'Connected accounts');
    self.world.faults.failNext('views.publish', { error: 'invalid_blocks' });
    await press('U0ADA', accounts, 'home_tab_insights');
    const plain = JSON.stringify(await home('U0ADA', 'This workspace, the last 30 days'));
    expect(plain).not.toContain('data_visualization');
    expect(plain).toContain('1 (100 %)  Gmail');
  });

  it('says once that everything was opened to its last page', async () => {
    const { self, home, press } = await openDesk();
    self.world.say('U0BEN', 'D0BEN', 'mail priya');
    await until(() => self.world.messages('D0BEN', 'U0BEN').find((one) => findButton(one, 'approve')));
    await self.world.openHome('U0BEN');
    await press('U0BEN', await home('U0BEN', 'Connected accounts'), 'home_tab_approvals');
    await press('U0BEN', await home('U0BEN', 'Waiting for you'), 'show_everything');
    const { database } = self.deps.calls;
    const shown = async () =>
      (await database.within(TEAM, (tx) => tx.select().from(auditEvents))).filter(
        (one) => one.type === 'approval.shown',
      );
    const [first] = await until(async () => {
      const rows = await shown();
      return rows.length > 0 && rows;
    });
    expect(first).toMatchObject({ actor: 'member:U0BEN', memberId: 'U0BEN', outcome: 'shown' });
    expect(first?.code).toMatch(/^[0-9A-F]{8}$/);
    const { approval, pages } = first?.detail as { approval: string; pages: number };
    expect(pages).toBe(1);
    const viewer = { workspaceId: TEAM, memberId: 'U0BEN' };
    expect(await markSeen(database, viewer, approval, 1)).toBeNull();
    expect(await shown()).toHaveLength(1);
  });
});

describe('Home, drawn anew', () => {
  it('stays where the person is, and is left alone for who never opened it', async () => {
    const self = await createSlackDesk(() => Promise.resolve({ status: 'done', reply: '' }));
    desk = self;
    const { world, deps } = self;
    const { database, jobs } = deps.calls;
    const wake = (memberId: string) =>
      database.transaction((tx) => wakeHome(tx, jobs, { workspaceId: TEAM, memberId }));
    const seen = (user: string) => JSON.stringify(world.home(user));
    await world.openHome('U0BEN');
    await until(() => seen('U0BEN').includes('Connected accounts') || null);
    const button = findButton(world.home('U0BEN'), 'home_tab_audit');
    if (button === null) throw new Error('no tab');
    await world.click('U0BEN', { home: true }, button);
    await until(() => seen('U0BEN').includes('What was done for you') || null);
    await database.transaction((tx) => append(tx, event('U0BEN', 'something-new')));
    await wake('U0ADA');
    await wake('U0BEN');
    await until(() => seen('U0BEN').includes('something-new') || null);
    expect(seen('U0ADA')).toBe('null');

    // A passkey's news draws it anew too.
    await database.transaction(async (tx) => {
      await append(tx, event('U0BEN', 'even-newer'));
      const news = { workspaceId: TEAM, memberId: 'U0BEN', text: 'made', adminText: 'made' };
      await announce(tx, jobs, news);
    });
    await until(() => seen('U0BEN').includes('even-newer') || null);
    expect(world.violations()).toEqual([]);
  });
});
