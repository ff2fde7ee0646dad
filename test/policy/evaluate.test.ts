import { describe, expect, it } from 'vitest';
import { useCedar } from '../../src/policy/cedar.ts';
import { isStricter, strictest } from '../../src/policy/compare.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import { preparePolicy } from '../../src/policy/prepare.ts';
import type { PolicyCall } from '../../src/policy/types.ts';
import { CATALOG, callOf, forbid, prepare } from './policy-calls.ts';

const mail = callOf('gmail.messages.send', { recipients: ['ben@acme.com', 'bob@acme.com'] });

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `person${index}@d${index}.example`);
}

describe('evaluate', () => {
  it('denies when a forbid fails while it is evaluated', () => {
    const overflow = 'when { context.recipientCount * 9223372036854775807 > 0 && context.hour > 100 }';
    const policy = prepare({ organisation: forbid('overflow', overflow) });
    const decision = evaluate(policy, mail);
    expect(decision).toMatchObject({ outcome: 'deny', rules: [{ id: 'evaluation_failed' }] });
    expect(decision.problem).toContain('overflow');
    expect(evaluate(policy, callOf('gmail.messages.list', { recipients: ['a@acme.com'] })).outcome).toBe(
      'allow',
    );
  });

  it.each<[string, PolicyCall]>([
    ['an hour that is none', callOf('gmail.messages.list', {}, { context: { hour: 24 } })],
    ['half an hour', callOf('gmail.messages.list', {}, { context: { hour: 1.5 } })],
    ['a weekday that is none', callOf('gmail.messages.list', {}, { context: { weekday: 'day' as 'mon' } })],
    ['a role that is none', callOf('gmail.messages.list', {}, { role: 'root' as 'admin' })],
    ['a fact of another type', callOf('gmail.messages.list', { labels: [1] as unknown as string[] })],
  ])('denies what the schema does not know: %s', (_, call) => {
    expect(evaluate(prepare(), call)).toMatchObject({
      outcome: 'deny',
      rules: [{ id: 'evaluation_failed' }],
    });
  });

  it('denies when there is no rule at all', () => {
    const empty = preparePolicy({
      catalog: CATALOG,
      layers: [{ name: 'built-in', cedar: '' }],
      version: '0',
    });
    expect(evaluate(empty, mail)).toMatchObject({ outcome: 'deny', rules: [{ id: 'no_rule' }] });
  });

  it('judges many recipients whole, and refuses more than it can look at', () => {
    const policy = prepare({
      member: forbid(
        'last',
        'when { context has recipients && context.recipients.contains("person1999@d1999.example") }',
      ),
    });
    const decide = (count: number) =>
      evaluate(policy, callOf('gmail.messages.send', { recipients: addresses(count) })).rules[0]?.id;
    expect([decide(1999), decide(2000), decide(2001)]).toEqual(['default.mail', 'last', 'too_large']);
    const long = callOf('gmail.messages.list', { repository: `acme/${'x'.repeat(500)}` });
    expect(evaluate(policy, long).rules[0]?.id).toBe('too_large');
  });

  it('goes on after the WASM instance broke', () => {
    const policy = prepare();
    expect(evaluate(policy, mail).outcome).toBe('approve');
    const deep = `permit (principal, action, resource) when { ${'('.repeat(3000)}true${')'.repeat(3000)} };`;
    expect(() => useCedar((cedar) => cedar.policySetTextToParts(deep))).toThrow();
    expect(evaluate(policy, mail).outcome).toBe('approve');
  });

  it('keeps every prepared policy usable, however many there are', () => {
    const first = prepare({ member: forbid('first', '') });
    for (let index = 0; index < 600; index += 1) {
      preparePolicy({
        catalog: [],
        layers: [{ name: 'built-in', cedar: forbid(`r${index}`, '') }],
        version: '0',
      });
    }
    expect(evaluate(first, mail).rules[0]?.id).toBe('first');
  });
});

describe('compare', () => {
  it('orders allow, approve, approve_strong, deny', () => {
    const order = ['allow', 'approve', 'approve_strong', 'deny'] as const;
    order.forEach((a, i) => order.forEach((b, j) => expect(isStricter(a, b)).toBe(i > j)));
    expect(strictest('approve', 'deny', 'allow')).toBe('deny');
    expect(strictest('allow')).toBe('allow');
  });
});
