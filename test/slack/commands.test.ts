import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMessageBlocks } from '../../src/sandbox/slack/blocks/check.ts';
import { answerCommand } from '../../src/slack/commands/agentdesk.ts';
import { findNearest } from '../../src/slack/commands/nearest.ts';
import { commands } from '../../src/slack/commands/table.ts';
import { readSlackText } from '../../src/slack/events/slack-text.ts';
import { createSlackDesk, TEAM, type SlackDesk } from './desk.ts';

let desk: SlackDesk;
beforeAll(async () => {
  desk = await createSlackDesk(() => Promise.resolve({ status: 'done', reply: 'ok' }));
});
afterAll(() => desk.stop());

async function type(text: string, memberId = 'U0BEN'): Promise<string> {
  const actor = { workspaceId: TEAM, memberId, teamId: null };
  const reply = await answerCommand(desk.deps, actor, text, 'D0BEN');
  expect(checkMessageBlocks(reply.blocks ?? [])).toEqual([]);
  return `${reply.text} ${JSON.stringify(reply.blocks ?? [])}`;
}

describe('/agentdesk', () => {
  it.each([
    ['', 'Write to me in a direct message'],
    ['help', '/agentdesk approve CODE'],
    ['HELP', '/agentdesk approve CODE'],
    ['aprove K7', 'Did you mean /agentdesk approve?'],
    ['конечно', 'I do not know “конечно”. See /agentdesk help.'],
    ['<!channel> *x*', '&lt;!channel&gt;'],
    ['__proto__', 'I do not know'],
    ['connect', 'Connect GitHub'],
    ['connect google', 'http://127.0.0.1:3000/connect/'],
    ['connect dropbox', 'I do not know the service dropbox'],
    ['accounts', 'No account is connected yet'],
    ['disconnect', 'No account of yours matches'],
    ['disconnect github', 'No account of yours matches'],
    ['pending', 'Nothing waits for your decision'],
    ['approve', 'Give the code'],
    ['approve 00000000', 'There is no open approval with that code'],
    ['deny NOPE because', 'There is no open approval with that code'],
    ['audit', 'A link to connect an account was made'],
    ['audit 2', 'An answer was not taken (approval unknown)'],
    ['audit ZZZZZZZZ', 'nothing of yours under that'],
    ['policy', 'gmail.messages.send: needs your approval'],
    ['stop all', 'only an admin can do that for everyone'],
    ['account approve 1', 'only an admin can vouch'],
    ['account', 'Write it as /agentdesk account approve ID'],
    ['link', 'There is no Auth0 tenant here'],
  ])('%j is answered with %j', async (text, answer) => {
    expect(await type(text)).toContain(answer);
  });

  it('stops and goes on, for oneself and for the workspace', async () => {
    expect(await type('stop')).toContain('Stopped for you');
    expect(await type('resume')).toContain('Resumed for you');
    expect(await type('stop all', 'U0ADA')).toContain('Stopped for everyone in this workspace');
    expect(await type('resume all', 'U0ADA')).toContain('Resumed for the workspace');
    expect(await type(`account approve ${crypto.randomUUID()}`, 'U0ADA')).toContain('link has expired');
  });

  it('is for members of the workspace only', async () => {
    expect(await type('help', 'U0NOBODY')).toContain('another workspace');
  });

  it('describes each of its commands', () => {
    for (const [word, { usage, about }] of Object.entries(commands)) {
      expect(usage.split(' ')[0]).toBe(word);
      expect(about).not.toBe('');
    }
  });
});

describe('the nearest word', () => {
  it.each([
    ['aprove', 'approve'],
    ['acounts', 'accounts'],
    ['pend', 'pending'],
    ['xyzzyxyzzy', null],
  ])('to %j is %j', (typed, word) => {
    expect(findNearest(typed, Object.keys(commands))).toBe(word);
  });
});

describe('a message as it was written', () => {
  it.each([
    ['mail <mailto:a@b.test|a@b.test>', 'mail a@b.test'],
    ['<mailto:a@b.test|Bob>', 'Bob (a@b.test)'],
    ['see <https://x.test/a?b=1&amp;c=2>', 'see https://x.test/a?b=1&c=2'],
    ['see <https://x.test|x.test>', 'see https://x.test'],
    ['<@U0DESK> do it', 'do it'],
    ['ask <@U0ADA>', 'ask @U0ADA'],
    ['<#C1|general> <!here> <!subteam^S1|@team>', '#general @here @team'],
    ['1 &lt; 2 &amp;amp; 3', '1 < 2 &amp; 3'],
    ['a\u0000b', 'ab'],
  ])('%j is %j', (wire, text) => {
    expect(readSlackText(wire, 'U0DESK')).toBe(text);
  });
});
