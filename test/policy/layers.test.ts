import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/policy/evaluate.ts';
import { callOf, forbid, prepare } from './policy-calls.ts';

const SEND = 'principal, action == Action::"gmail.messages.send", resource';
const mail = callOf('gmail.messages.send', { recipients: ['ben@acme.com'] });
const read = callOf('gmail.messages.list');

describe('layers', () => {
  it('change nothing when empty', () => {
    expect(evaluate(prepare({ organisation: '', member: '// nothing yet\n' }), mail).outcome).toBe('approve');
  });

  it('raise the tier, and say which layer did', () => {
    const policy = prepare({
      organisation: forbid('org.phone', 'unless { context.tier == Tier::"strong" }', SEND),
      member: forbid('me.ask', 'when { context.tier == Tier::"none" }'),
    });
    expect(evaluate(policy, mail)).toEqual({
      outcome: 'approve_strong',
      rules: [{ id: 'org.phone', reason: 'Because of org.phone.', layer: 'organisation' }],
      policyVersion: 'v7',
    });
    expect(evaluate(policy, read)).toMatchObject({
      outcome: 'approve',
      rules: [{ id: 'me.ask', layer: 'member' }],
    });
  });

  it('let deny win over every permit', () => {
    const policy = prepare({
      organisation: forbid('org.never', '', SEND),
      member: forbid('me.never', '', SEND),
    });
    expect(evaluate(policy, mail)).toMatchObject({
      outcome: 'deny',
      rules: [{ id: 'me.never' }, { id: 'org.never' }],
    });
  });

  it('deny when no tier is permitted by all of them', () => {
    const policy = prepare({
      organisation: forbid('org.no-click', 'when { context.tier == Tier::"approved" }'),
      member: forbid('me.no-phone', 'when { context.tier == Tier::"strong" }'),
    });
    expect(evaluate(policy, mail).outcome).toBe('deny');
  });

  it('see members, groups, agents, time, place and provenance', () => {
    const policy = prepare({
      organisation: [
        forbid('a', '', 'principal in Group::"T1/S9", action, resource'),
        forbid('b', '', 'principal == Member::"T1/U2", action, resource'),
        forbid('c', 'when { context.agent == Agent::"triage" }'),
        forbid('d', 'when { context.weekday == Weekday::"fri" && context.hour >= 15 }'),
        forbid('e', 'when { context.surface == Surface::"channel" }'),
        forbid('f', 'when { context has provenance && context.provenance.contains("fetched") }'),
      ].join('\n'),
    });
    const denials = [
      read,
      callOf(read.action, {}, { groups: ['S9'] }),
      { ...read, member: { ...read.member, id: 'U2' } },
      callOf(read.action, {}, { agent: 'triage' }),
      callOf(read.action, {}, { context: { weekday: 'fri', hour: 15 } }),
      callOf(read.action, {}, { context: { surface: 'channel' } }),
      callOf(read.action, {}, { context: { provenance: ['fetched'] } }),
    ].map((call) => evaluate(policy, call).rules.map(({ id }) => id));
    expect(denials).toEqual([['default.reads'], ['a'], ['b'], ['c'], ['d'], ['e'], ['f']]);
  });

  it('see the facts, whatever the case, and count unknown as a match', () => {
    const policy = prepare({
      member: [
        forbid(
          'many',
          'when { context.guestCount > 10 }',
          'principal, action == Action::"calendar.events.insert", resource',
        ),
        forbid(
          'repo',
          'unless { context has repository && context.repository != "acme/website" }',
          'principal, action in Action::"service:github", resource',
        ),
        forbid(
          'domain',
          'unless { context has recipientDomains && !context.recipientDomains.contains("evil.example") }',
          SEND,
        ),
        forbid('label', 'when { context has labels && context.labels.contains("security") }'),
        forbid(
          'public',
          'when { context.repositoryPublic }',
          'principal, action == Action::"github.issues.update", resource',
        ),
      ].join('\n'),
    });
    const decide = (...args: Parameters<typeof callOf>) =>
      evaluate(policy, callOf(...args)).rules.map(({ id }) => id);
    expect(
      decide('calendar.events.insert', { guests: Array.from({ length: 11 }, (_, i) => `g${i}@acme.com`) }),
    ).toEqual(['many']);
    expect(decide('calendar.events.insert', {})).toEqual(['many']);
    expect(decide('github.issues.list', { repository: 'Acme/Website' })).toEqual(['repo']);
    expect(decide('github.issues.list', {})).toEqual(['repo']);
    expect(decide('github.issues.list', { repository: 'acme/app' })).toEqual(['default.reads']);
    expect(decide('gmail.messages.send', { recipients: ['x@evil.example'] })).toEqual(['domain']);
    expect(decide('gmail.messages.send', { recipients: ['x@evil.example,ben@acme.com'] })).toEqual([
      'domain',
    ]);
    expect(decide('gmail.messages.list', { labels: ['Security'] })).toEqual(['label']);
    expect(decide('github.issues.update', { repository: 'acme/app' })).toEqual(['public']);
    expect(
      decide('github.issues.update', { repository: 'acme/app', repositoryVisibility: 'private' }),
    ).toEqual(['default.issues']);
  });
});
