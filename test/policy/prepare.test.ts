import { describe, expect, it } from 'vitest';
import { DeskError } from '../../src/errors.ts';
import { preparePolicy } from '../../src/policy/prepare.ts';
import { CATALOG, forbid, prepare } from './policy-calls.ts';

const good = forbid('good', '');

const BAD: readonly [string, string, RegExp][] = [
  ['text that is not Cedar', `// é\n\n${good}\nforbid (principal, acton, resource);`, /line 8: .*acton/],
  [
    'an action that does not exist',
    `${good}${forbid('x', '', 'principal, action == Action::"gmail.send", resource')}`,
    /line 7: rule "x": .*Action::"gmail.send"/,
  ],
  [
    'a misspelt tier',
    `${good}${forbid('x', 'unless {\n context.tier == Tier::"stong" }')}`,
    /line 9: rule "x": .*Tier::"stong"/,
  ],
  ['an unknown attribute', forbid('x', 'when { context.body == "" }'), /line 4: rule "x": .*body/],
  [
    'an unguarded unknown',
    forbid('x', 'when { context.recipients.contains("a") }'),
    /line 4: .*context has recipients/,
  ],
  ['no @id', '\n@reason("Why.")\nforbid (principal, action, resource);', /line 2: .*@id/],
  ['no @reason', '@id("x")\nforbid (principal, action, resource);', /line 1: .*@reason/],
  ['an @id of ours', good.replace('good', 'evaluation_failed'), /@id/],
  ['the same @id twice', `${good}\n${good}`, /line 6: the @id "good" is used twice/],
  [
    'a template',
    '@id("x") @reason("y")\nforbid (principal == ?principal, action, resource);',
    /templates are not supported/,
  ],
  [
    'a permit in a layer that may only tighten',
    `${good}@id("x") @reason("y")\npermit (principal, action, resource);`,
    /line 5: the rule "x" is a permit/,
  ],
  [
    'nesting that would break Cedar',
    forbid('x', `\nwhen { ${'('.repeat(300)}true${')'.repeat(300)} }`),
    /line 5: more than 40 brackets/,
  ],
  [
    'chains that would break Cedar',
    forbid('x', `when { ${'true && '.repeat(300)}true }`),
    /line 4: a rule has more than 150 operators/,
  ],
  [
    'nesting behind a comment that ended',
    forbid('x', `when { true // \r${'('.repeat(300)}`),
    /more than 40 brackets/,
  ],
  ['far too much text', ' '.repeat(200_001), /more than 200000 characters/],
];

describe('preparePolicy', () => {
  it.each(BAD)('refuses %s', (_, organisation, message) => {
    const error = catchError(() => prepare({ organisation }));
    expect(error.code).toBe('config_invalid');
    expect(error.message).toContain('organisation policy, ');
    expect(error.message).toMatch(message);
  });

  it('refuses layers that are not one built-in and at most one of each other', () => {
    const builtIn = { name: 'built-in', cedar: '' } as const;
    const member = { name: 'member', cedar: '' } as const;
    for (const layers of [[], [member], [builtIn, builtIn], [builtIn, member, member]]) {
      expect(catchError(() => preparePolicy({ catalog: CATALOG, layers, version: '0' })).code).toBe(
        'config_invalid',
      );
    }
  });

  it('refuses a catalog that names an action twice or out of form', () => {
    const [entry] = CATALOG;
    if (!entry) throw new Error('the catalog is empty');
    for (const catalog of [[entry, entry], [{ ...entry, id: 'risk:read' }], [{ ...entry, service: 'a"b' }]]) {
      expect(catchError(() => prepare({}, catalog)).message).toContain('Correct the catalog');
    }
  });

  it('warns of a rule that can never apply', () => {
    const { warnings } = prepare({ member: forbid('never', 'when { context.hour > 3 && false }') });
    expect(warnings).toEqual([expect.stringMatching(/^member policy, rule "never": .*impossible/)]);
  });

  it('keeps the order and the lines of many rules', () => {
    const { rules } = prepare({
      member: Array.from({ length: 12 }, (_, index) => forbid(`r${index}`, '')).join(''),
    });
    const lines = Array.from({ length: 12 }, (_, index) => rules.get(`member:r${index}`)?.line);
    expect(lines).toEqual(Array.from({ length: 12 }, (_, index) => index * 4 + 1));
  });
});

function catchError(work: () => unknown): DeskError {
  try {
    work();
  } catch (error) {
    if (error instanceof DeskError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
