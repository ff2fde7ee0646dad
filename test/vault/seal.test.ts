import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyring } from '../../src/db/seal.ts';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const PLACE = ['T1', 'U1', 'account', 'refresh_token'];

describe('sealed values', () => {
  const keyring = createKeyring([NEW]);

  it('open where they were sealed, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(keyring.open('provider-token', PLACE, keyring.seal('provider-token', PLACE, text))).toBe(text);
      }),
    );
  });

  it.each(PLACE.map((_, index) => index))('do not open when part %i of their place is another', (index) => {
    const sealed = keyring.seal('provider-token', PLACE, 'secret');
    const elsewhere = PLACE.map((part, at) => (at === index ? `${part}x` : part));
    expect(() => keyring.open('provider-token', elsewhere, sealed)).toThrow();
  });

  it('do not open for another purpose, altered, or with another key', () => {
    const sealed = keyring.seal('provider-token', PLACE, 'secret');
    expect(() => keyring.open('connect-session', PLACE, sealed)).toThrow();
    const at = sealed.length - 4;
    const altered = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
    expect(() => keyring.open('provider-token', PLACE, altered)).toThrow();
    expect(() => createKeyring([OLD]).open('provider-token', PLACE, sealed)).toThrow();
  });

  it('of an older key still open after a rotation, and new ones use the new key', () => {
    const old = createKeyring([OLD]).seal('provider-token', PLACE, 'secret');
    const rotated = createKeyring([NEW, OLD]);
    expect(rotated.open('provider-token', PLACE, old)).toBe('secret');
    expect(keyring.open('provider-token', PLACE, rotated.seal('provider-token', PLACE, 'fresh'))).toBe(
      'fresh',
    );
  });

  it('never look alike twice', () => {
    expect(keyring.seal('provider-token', PLACE, 'x')).not.toBe(keyring.seal('provider-token', PLACE, 'x'));
  });
});
