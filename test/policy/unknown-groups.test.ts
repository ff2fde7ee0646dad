import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/policy/evaluate.ts';
import { callOf, forbid, prepare } from './policy-calls.ts';

const MAIL = callOf('gmail.messages.send', { recipients: ['ben@acme.com'] });
const unknown = { ...MAIL, member: { ...MAIL.member, groups: null } };
const group = (id: string): string => `principal in Group::"T1/${id}"`;
const decide = (organisation: string) => {
  const { outcome, rules } = evaluate(prepare({ organisation }), unknown);
  return [outcome, rules[0]?.id];
};

describe('a member whose user groups Slack did not say', () => {
  it('is decided as usual when no rule asks for groups', () => {
    expect(evaluate(prepare(), unknown)).toEqual(evaluate(prepare(), MAIL));
  });

  it('is refused where it would make a difference, also where membership would loosen', () => {
    expect(decide(forbid('sales', `when { ${group('S1')} }`))).toEqual(['deny', 'groups_unknown']);
    expect(decide(forbid('others', `unless { ${group('S1')} }`))).toEqual(['deny', 'groups_unknown']);
    // Neither none nor all of them, but one alone.
    const one = `when { ${group('S1')} && !(${group('S2')}) }`;
    expect(decide(forbid('one', one))).toEqual(['deny', 'groups_unknown']);
  });

  it('is decided where the rule is about something else, or asks for less than is asked anyway', () => {
    const reads = forbid(
      'reads',
      `when { ${group('S1')} }`,
      'principal, action in Action::"risk:read", resource',
    );
    expect(decide(reads)).toEqual(['approve', 'default.mail']);
    const less = forbid('less', `when { ${group('S1')} }\nunless { context.tier != Tier::"none" }`);
    expect(decide(less)[0]).toBe('approve');
    // Groups of another workspace are none of theirs.
    expect(decide(forbid('elsewhere', 'when { principal in Group::"T2/S1" }'))[0]).toBe('approve');
  });

  it('is refused when there are too many groups to try', () => {
    const rules = ['S1', 'S2', 'S3', 'S4', 'S5'].map((id) =>
      forbid(`of-${id}`, `when { ${group(id)} }`, 'principal, action in Action::"risk:read", resource'),
    );
    expect(decide(rules.join('\n'))).toEqual(['deny', 'groups_unknown']);
  });
});
