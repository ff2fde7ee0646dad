import { describe, expect, it } from 'vitest';
import { computeCallDigest, type CallTerms } from '../../src/calls/digest.ts';
import { readCode, writeCode } from '../../src/approvals/code.ts';
import { toCanonicalBytes } from '../../src/db/canonical.ts';

const TERMS: CallTerms = {
  workspaceId: 'T1',
  memberId: 'U1',
  subject: 'slack|T1|U1',
  agent: 'default',
  connection: 'google-oauth2',
  accountId: '00000000-0000-4000-8000-000000000001',
  action: 'gmail.messages.send',
  declarationHash: Buffer.alloc(32, 1),
  args: toCanonicalBytes({ to: ['priya@acme.test'], subject: 'Lunch' }),
  turnId: 'T1/D1/1.1/Ev1',
  toolCallId: 'call_1',
  revision: 1,
  nonce: Buffer.alloc(16, 2),
};

describe('the call digest', () => {
  it('keeps its format: this vector may only change with a new version in the digest', () => {
    const digest = computeCallDigest(TERMS);
    expect(digest.toString('hex')).toMatchInlineSnapshot(
      `"3d6d9e5b1992b3bf53204551f2385d7f955c9350191bbbc7168500d78be7c39b"`,
    );
    expect(writeCode(digest)).toMatchInlineSnapshot(`"7NPSWPRS"`);
  });

  it.each(Object.keys(TERMS) as (keyof CallTerms)[])('depends on %s', (name) => {
    const value = TERMS[name];
    const other = Buffer.isBuffer(value)
      ? name === 'args'
        ? toCanonicalBytes({ to: ['eve@evil.example'], subject: 'Lunch' })
        : Buffer.alloc(value.length, 9)
      : typeof value === 'number'
        ? 2
        : `${value}x`;
    expect(computeCallDigest({ ...TERMS, [name]: other }).equals(computeCallDigest(TERMS))).toBe(false);
  });
});

describe('codes', () => {
  it('are 8 characters without I, L, O and U', () => {
    expect(writeCode(Buffer.alloc(32, 255))).toBe('ZZZZZZZZ');
    expect(writeCode(Buffer.alloc(32, 0))).toBe('00000000');
  });

  it.each([
    ['k7qf-2m9c', 'K7QF2M9C'],
    ['oil0 1111', '01101111'],
  ])('are read as people type them: %s', (typed, code) => {
    expect(readCode(typed)).toBe(code);
  });
});
