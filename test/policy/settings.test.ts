import { describe, expect, it } from 'vitest';
import { readSetting, isSetting, writeSetting } from '../../src/policy/rules/settings.ts';
import { readLayer } from '../../src/policy/rules/schema.ts';
import { EMPTY_LAYER, type TypedRule } from '../../src/policy/rules/types.ts';

const COMMENT = 'github.issues.createComment';
const other: TypedRule = {
  id: 'weekend',
  outcome: 'deny',
  agents: [],
  who: { roles: [], groups: [] },
  actions: [COMMENT],
  conditions: [{ kind: 'weekdays', days: ['sat', 'sun'] }],
  note: '',
};

describe('the setting of an action', () => {
  it('is one rule of the layer, written, changed and taken away without touching the others', () => {
    const start = { ...EMPTY_LAYER, rules: [other] };
    const asked = writeSetting(start, COMMENT, 'approve');
    expect(readLayer(asked, 'U0BEN')).toEqual(asked);
    expect([readSetting(start, COMMENT), readSetting(asked, COMMENT)]).toEqual([null, 'approve']);
    expect(readSetting(asked, 'github.issues.create')).toBeNull();
    const never = writeSetting(asked, COMMENT, 'deny');
    expect([never.rules.length, readSetting(never, COMMENT)]).toEqual([2, 'deny']);
    expect(writeSetting(never, COMMENT, null)).toEqual(start);
    expect(writeSetting(start, COMMENT, null)).toEqual(start);
  });

  it('is none once it has conditions, or is for some people or agents only', () => {
    const [rule] = writeSetting(EMPTY_LAYER, COMMENT, 'approve').rules as [TypedRule];
    expect(isSetting(rule)).toBe(true);
    expect(isSetting(other)).toBe(false);
    expect(isSetting({ ...rule, conditions: other.conditions })).toBe(false);
    expect(isSetting({ ...rule, agents: ['named'] })).toBe(false);
    expect(isSetting({ ...rule, who: { roles: ['admin'], groups: [] } })).toBe(false);
    expect(isSetting({ ...rule, actions: [COMMENT, 'gmail.messages.send'] })).toBe(false);
    expect(isSetting({ id: rule.id, cedar: 'forbid (principal, action, resource);', reason: 'No.' })).toBe(
      false,
    );
  });
});
