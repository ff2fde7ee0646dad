import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStricter } from '../../src/policy/compare.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import { fitsTemplate, type Template } from '../../src/policy/grants/template.ts';
import { compileLayer } from '../../src/policy/rules/compile.ts';
import { anyKnownCall, anyLayer } from './arbitrary.ts';
import { CATALOG, prepare } from './policy-calls.ts';

describe('a template', () => {
  const template: Template = {
    to: { kind: 'fixed', value: ['a@acme.com'] },
    subject: { kind: 'one_of', values: ['Hello', 'Goodbye'] },
    text: { kind: 'free' },
  };
  const args = { to: ['a@acme.com'], subject: 'Hello', text: 'anything' };

  it('takes what is fixed as it is, what is listed, and anything where it is open', () => {
    expect(fitsTemplate(template, args)).toBe(true);
    expect(fitsTemplate(template, { ...args, subject: 'Goodbye', text: 'x' })).toBe(true);
    expect(fitsTemplate(template, { to: args.to, subject: 'Hello' })).toBe(true);
  });

  it('takes nothing else', () => {
    const others: Record<string, unknown>[] = [
      { ...args, to: ['b@acme.com'] },
      { ...args, to: ['a@acme.com', 'b@acme.com'] },
      { ...args, to: 'a@acme.com' },
      { ...args, subject: 'hello' },
      { ...args, subject: ['Hello'] },
      { ...args, bcc: [] },
      { ...args, bcc: ['b@acme.com'] },
      { subject: 'Hello', text: 'x' },
      { to: args.to, text: 'x' },
      { ...args, ['__proto__x']: 1 },
      { ...args, constructor: 1 },
    ];
    for (const other of others) expect(fitsTemplate(template, other)).toBe(false);
  });
});

describe('evaluation with a grant', () => {
  it('does at once what would be asked for at its tier or below, leaves the rest, and never turns a denial', () => {
    const compile = (document: Parameters<typeof compileLayer>[0], owner: string): string =>
      compileLayer(document, { catalog: CATALOG, workspaceId: 'T1', owner });
    fc.assert(
      fc.property(
        anyLayer(5, true),
        anyLayer(5),
        fc.constantFrom('approve' as const, 'approve_strong' as const),
        fc.array(anyKnownCall, { minLength: 50, maxLength: 50 }),
        (organisation, member, tier, calls) => {
          const policy = prepare({ organisation: compile(organisation, ''), member: compile(member, 'U1') });
          for (const call of calls) {
            const plain = evaluate(policy, call);
            const granted = evaluate(policy, {
              ...call,
              grant: { id: 'g', code: 'ABCD1234', tier, sentence: 'You allowed this.' },
            });
            if (plain.outcome === 'allow' || isStricter(plain.outcome, tier)) expect(granted).toEqual(plain);
            else
              expect(granted).toMatchObject({
                outcome: 'allow',
                rules: [{ id: 'grant.ABCD1234', reason: 'You allowed this.', layer: 'grant' }],
              });
            if (plain.outcome === 'deny') expect(granted.outcome).toBe('deny');
          }
        },
      ),
      { numRuns: 8 },
    );
  });
});
