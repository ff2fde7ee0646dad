import { describe, expect, it } from 'vitest';
import { tellPast } from '../../src/slack/blocks/past.ts';
import { writeDuration } from '../../src/slack/blocks/audit-when.ts';
import { readAuditWords } from '../../src/slack/commands/audit-words.ts';
import { readAuditFilter } from '../../src/slack/home/audit-filter.ts';
import { readStoryState } from '../../src/slack/home/story-state.ts';

describe('/agentdesk audit', () => {
  it.each([
    ['', {}, 10],
    ['25', {}, 25],
    ['K7QF2M9C', { code: 'K7QF2M9C' }, 10],
    ['k7qf-2m9c', { text: 'k7qf-2m9c' }, 10],
    ['for @U0BEN on:2026-11-17', { member: 'U0BEN', from: '2026-11-17', to: '2026-11-17' }, 10],
    ['@U0BEN 5 outcome:done', { member: 'U0BEN', outcome: 'done' }, 5],
    [
      'service:gmail from:2026-11-01 to:2026-11-30',
      { service: 'gmail', from: '2026-11-01', to: '2026-11-30' },
      10,
    ],
    ['new time for Priya', { text: 'new time for Priya' }, 10],
    ['code:k7qfzm9i agent:default', { code: 'K7QFZM91', agent: 'default' }, 10],
    ['999', {}, 40],
  ])('reads %j', (typed, filter, count) => {
    const words = typed.split(' ').filter((word) => word !== '');
    expect(readAuditWords(words)).toEqual({ kind: 'lines', filter, count });
  });

  it.each(['on:tuesday', 'outcome:fine', 'colour:red', 'service:Gmail!'])('does not guess at %j', (word) => {
    expect(readAuditWords([word])).toEqual({ kind: 'wrong', word });
  });
});

describe('a filter', () => {
  it('keeps what is ours, part by part, whatever a view says', () => {
    const said = {
      service: 'gmail',
      action: 7,
      outcome: 'root',
      member: "U'--",
      from: '2026-13-01',
      text: '\u0000 a\u0007b ',
    };
    expect(readAuditFilter({ ...said, more: true })).toEqual({ service: 'gmail', text: 'a b' });
    expect(readAuditFilter(null)).toEqual({});
  });

  it('of a story is a hint that may be missing', () => {
    expect(readStoryState(undefined)).toBeNull();
    expect(readStoryState('{"head":-1}')).toBeNull();
    expect(readStoryState('{"head":5,"filter":"all"}')).toEqual({ head: 5, filter: {} });
  });
});

describe('words', () => {
  it('tell what was done of the titles of actions', () => {
    const titles = [
      'Send an e-mail',
      'Create a calendar event',
      'Read a message',
      'Reply',
      'Try it',
      'Look up who is free',
    ];
    expect(titles.map(tellPast)).toEqual([
      'Sent an e-mail',
      'Created a calendar event',
      'Read a message',
      'Replied',
      'Tried it',
      'Looked up who is free',
    ]);
  });

  it('tell how long it took', () => {
    expect([1.24, 14, 119, 600, 10_000, 200_000].map(writeDuration)).toEqual([
      '1.2 s',
      '14 s',
      '119 s',
      '10 min',
      '3 h',
      '2 d',
    ]);
  });
});
