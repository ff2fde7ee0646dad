import { describe, expect, it } from 'vitest';
import { lintLayer } from '../../src/policy/lint/lint-layer.ts';
import { EMPTY_LAYER, type LayerDocument, type TypedRule } from '../../src/policy/rules/types.ts';
import { CATALOG } from './policy-calls.ts';

const ORGANISATION = { catalog: CATALOG, workspaceId: 'T1', owner: '' };
const MEMBER = { ...ORGANISATION, owner: 'U1' };

function rule(id: string, change: Partial<TypedRule> = {}): TypedRule {
  return {
    id,
    outcome: 'approve_strong',
    agents: [],
    who: { roles: [], groups: [] },
    actions: ['gmail.messages.send'],
    conditions: [],
    note: '',
    ...change,
  };
}

function lint(rules: LayerDocument['rules'], above: LayerDocument | null = null) {
  return lintLayer({ ...EMPTY_LAYER, rules }, above === null ? ORGANISATION : MEMBER, above)
    .filter(({ kind }) => kind !== 'unreached')
    .map(({ kind, ruleId, sentence }) => [kind, ruleId, sentence]);
}

describe('lint', () => {
  it.each<[string, Partial<TypedRule>, string]>([
    [
      'what it asks about does not exist there',
      { conditions: [{ kind: 'repository', names: ['acme/app'] }] },
      'what it asks about does not exist in gmail',
    ],
    ['no hour', { conditions: [{ kind: 'hours', from: 9, to: 9 }] }, 'there is no such hour'],
    [
      'hours that do not meet',
      {
        conditions: [
          { kind: 'hours', from: 22, to: 6 },
          { kind: 'hours', from: 9, to: 17 },
        ],
      },
      'there is no such hour',
    ],
    [
      'two days at once',
      {
        conditions: [
          { kind: 'weekdays', days: ['mon'] },
          { kind: 'weekdays', days: ['fri'] },
        ],
      },
      'there is no such day',
    ],
    ['an agent nobody declared', { agents: ['triage'] }, 'there is no agent called triage'],
    [
      'a domain where accounts have none',
      {
        actions: ['service:github'],
        conditions: [{ kind: 'account_domain', match: 'in', domains: ['acme.com'] }],
      },
      'accounts of github are in no domain',
    ],
  ])('finds a rule that can never apply: %s', (_, change, why) => {
    expect(lint([rule('a', change)])[0]).toEqual([
      'never_applies',
      'a',
      `The rule a can never apply: ${why}.`,
    ]);
  });

  it('finds what a wider and stricter rule makes idle, and what is said twice', () => {
    const found = lint([
      rule('narrow', { outcome: 'approve', conditions: [{ kind: 'surface', is: 'channel' }] }),
      rule('wide', { actions: ['service:gmail'] }),
      rule('again', { actions: ['service:gmail'] }),
    ]);
    expect(found).toEqual([
      [
        'shadowed',
        'narrow',
        'The rule narrow changes nothing beside wide: Ask on a second device before using Gmail.',
      ],
      [
        'duplicate',
        'again',
        'The rule again says the same as wide: Ask on a second device before using Gmail.',
      ],
    ]);
  });

  it('leaves alone what differs in any way that matters', () => {
    const conditions = [{ kind: 'recipient_count', moreThan: 5 }] as const;
    expect(
      lint([
        rule('a', { conditions }),
        rule('b', { outcome: 'deny', conditions: [{ kind: 'recipient_count', moreThan: 50 }] }),
        rule('c', { who: { roles: ['guest'], groups: [] }, outcome: 'deny' }),
      ]),
    ).toEqual([]);
  });

  it('finds what the layers above ask for anyway', () => {
    const above = { ...EMPTY_LAYER, rules: [rule('org')] };
    expect(lint([rule('mine')], above)).toEqual([
      [
        'shadowed',
        'mine',
        'The rule mine changes nothing: your organisation says already: Ask on a second device before sending mail.',
      ],
    ]);
    expect(
      lint([rule('mine', { outcome: 'approve', actions: ['gmail.messages.send'] })], above)[0]?.[0],
    ).toBe('shadowed');
    expect(lint([rule('mine', { outcome: 'deny' })], above)).toEqual([]);
  });

  it('names the actions that no rule reaches, and those that nothing permits', () => {
    const catalog = [...CATALOG, { id: 'drive.files.share', service: 'drive', risk: 'write' } as const];
    const layer = {
      ...EMPTY_LAYER,
      rules: [rule('most', { actions: ['risk:read', 'risk:delete', 'service:github', 'service:gmail'] })],
    };
    expect(lintLayer(layer, { ...ORGANISATION, catalog }).map(({ sentence }) => sentence)).toEqual([
      'No rule permits these actions, so they are never done: drive.files.share.',
      'No rule here reaches these actions, so the layers above decide alone: calendar.events.insert, calendar.events.patch.',
    ]);
  });
});
