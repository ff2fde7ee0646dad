import { afterEach, describe, expect, it } from 'vitest';
import { checkMessageBlocks } from '../../src/sandbox/slack/blocks/check.ts';
import { buildCard } from '../../src/slack/blocks/card.ts';
import { answerCommand } from '../../src/slack/commands/agentdesk.ts';
import { announce } from '../../src/slack/deliver/announce.ts';
import { createSlackDesk, TEAM, type SlackDesk } from './desk.ts';
import { findButton, textOf, until } from './look.ts';
import { approvalOf, present } from './presentations.ts';

const LINK = 'http://localhost:3000/strong/x';
const strong = approvalOf(present({ tier: 'approve_strong' }), {
  status: 'approved',
  decidedBy: 'U0BEN',
  decidedAt: new Date('2026-11-24T11:00:00Z'),
  executeBy: new Date('2026-11-24T11:05:00Z'),
});
const approved = { status: 'approved' as const, result: null, errorMessage: null };

describe('a card at the strong tier', () => {
  it('waits for the second device after the click, and links to it', () => {
    const { blocks, text } = buildCard(strong, approved, LINK);
    expect(text).toContain('Second device:');
    expect(JSON.stringify(blocks)).toContain(`"url":"${LINK}"`);
    expect(findButton({ blocks }, 'strong_open')).not.toBeNull();
    expect(findButton({ blocks }, 'approve')).toBeNull();
    expect(checkMessageBlocks(blocks)).toEqual([]);
  });

  it('offers no link before the click, after the confirmation, or where passkeys cannot be', () => {
    for (const [one, call, link] of [
      [{ ...strong, status: 'pending' }, { ...approved, status: 'pending' }, LINK],
      [{ ...strong, strongAt: new Date() }, approved, LINK],
      [strong, { ...approved, status: 'cancelled' }, LINK],
      [strong, approved, null],
    ] as const) {
      const { blocks } = buildCard(one, call, link);
      expect(findButton({ blocks }, 'strong_open')).toBeNull();
      expect(checkMessageBlocks(blocks)).toEqual([]);
    }
    expect(JSON.stringify(buildCard(strong, approved, null).blocks)).toContain('cannot be confirmed');
  });

  it('says when the second device did not answer in time', () => {
    const { blocks } = buildCard({ ...strong, status: 'expired' }, { ...approved, status: 'expired' }, LINK);
    expect(JSON.stringify(blocks)).toContain('did not confirm it in time');
  });
});

describe('/agentdesk passkey', () => {
  let desk: SlackDesk;
  afterEach(() => desk.stop());

  const type = (memberId: string, text: string) =>
    answerCommand(desk.deps, { workspaceId: TEAM, memberId, teamId: null }, text, 'D0BEN');

  it('links to a page that makes one, and tells of no other member’s', async () => {
    desk = await createSlackDesk(() => Promise.resolve({ status: 'done', reply: '' }));
    const reply = await type('U0BEN', 'passkey');
    expect(JSON.stringify(reply.blocks)).toMatch(/"url":"http:\/\/localhost:3000\/passkey\/[\w.-]+"/);
    expect(JSON.stringify(reply.blocks)).toContain('You have no passkey yet');
    expect(checkMessageBlocks(reply.blocks ?? [])).toEqual([]);
    expect((await type('U0BEN', 'passkey remove 00000000')).text).toContain('no such passkey');
    expect((await type('U0BEN', 'passkey dance')).text).toContain('Write it as');
  });

  it('lets the member and every other admin know of a change', async () => {
    desk = await createSlackDesk(() => Promise.resolve({ status: 'done', reply: '' }));
    const { deps, world } = desk;
    const news = {
      workspaceId: TEAM,
      memberId: 'U0BEN',
      text: 'for the member',
      adminText: 'for <@U0BEN> admins',
    };
    await deps.calls.database.transaction((tx) => announce(tx, deps.calls.jobs, news));
    const seen = (member: string, words: string) =>
      world.messages(`D${member.slice(1)}`, member).find((message) => textOf(message).includes(words));
    await until(() => seen('U0BEN', 'for the member'));
    await until(() => seen('U0ADA', 'for <@U0BEN> admins'));
    expect(seen('U0BEN', 'admins')).toBeUndefined();
    expect(world.violations()).toEqual([]);
  });
});
