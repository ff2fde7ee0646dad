import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/actions/catalog.ts';
import { writeBindingMessage } from '../../src/approvals/binding-message.ts';
import { computeApprovalDigest, type ApprovalTerms } from '../../src/approvals/digest.ts';

const TERMS: ApprovalTerms = {
  subjectDigest: Buffer.alloc(32, 1),
  tier: 'approve',
  issuer: 'https://authority.agentdesk.internal/',
  approver: 'T1/U1',
  policyVersion: 'v1',
  expiresAt: new Date('2026-11-24T12:00:00.000Z'),
  presentationHash: Buffer.alloc(32, 2),
};

describe('the approval digest', () => {
  it('keeps its format', () => {
    expect(computeApprovalDigest(TERMS).toString('hex')).toMatchInlineSnapshot(
      `"4e22f5d2be8fc7fee0265668db571ab011e2e187dd0f60c79da4d1146d9ce700"`,
    );
  });

  it.each(Object.keys(TERMS) as (keyof ApprovalTerms)[])('depends on %s', (name) => {
    const value = TERMS[name];
    const other = Buffer.isBuffer(value)
      ? Buffer.alloc(32, 9)
      : value instanceof Date
        ? new Date(0)
        : `${value}x`;
    expect(computeApprovalDigest({ ...TERMS, [name]: other }).equals(computeApprovalDigest(TERMS))).toBe(
      false,
    );
  });
});

describe('A8 the binding message', () => {
  it('follows the rules for every action and any target, and always carries the whole code', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...catalog),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        (action, hint) => {
          const message = writeBindingMessage(action.id, hint, 'K7QF2M9C');
          expect(message.length).toBeLessThanOrEqual(64);
          expect(message).toMatch(/^[A-Za-z0-9+\-_.,:#]+( [A-Za-z0-9+\-_.,:#]+)*$/);
          expect(message.startsWith(action.id)).toBe(true);
          expect(message.endsWith('K7QF2M9C')).toBe(true);
        },
      ),
    );
  });

  it('writes no two targets alike that fit', () => {
    const target = fc.string({
      unit: fc.constantFrom('a', 't', '-', '@', '/', ':', ',', '#', '.', 'é'),
      maxLength: 7,
    });
    fc.assert(
      fc.property(target, target, (one, other) => {
        fc.pre(one !== other);
        const write = (hint: string): string => writeBindingMessage('gmail.drafts.create', hint, 'K7QF2M9C');
        expect(write(one)).not.toBe(write(other));
      }),
      { numRuns: 2000 },
    );
  });

  it('tells addresses apart wherever they differ', () => {
    const write = (address: string): string =>
      writeBindingMessage('gmail.messages.send', address, 'K7QF2M9C');
    expect(write('a@b-at-c.de')).not.toBe(write('a-at-b@c.de'));
    expect(write('a:b@c.de')).not.toBe(write('a/b@c.de'));
    // Different only in the middle, which is cut out.
    expect(write('ann-of-a-very-long-name@one.a-very-long-domain.test')).not.toBe(
      write('ann-of-a-very-long-name@two.a-very-long-domain.test'),
    );
    expect(write('priya@acme.test')).toContain('priya-at-acme.test');
    expect(write('a-very-long-name-of-someone@acme.test')).not.toBe(
      write('a-very-long-name-of-someone@evil.test'),
    );
    expect(write('ann@a-very-long-domain-of-a-company.test')).not.toBe(
      write('bob@a-very-long-domain-of-a-company.test'),
    );
  });
});
