/** Douglas Crockford's base32 alphabet: no I, L, O, U. https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The first 8 characters of a digest in Crockford base32: a name for people, never an authority. */
export function writeCode(digest: Buffer): string {
  let bits = BigInt(`0x${digest.subarray(0, 5).toString('hex')}`);
  let code = '';
  for (let index = 0; index < 8; index += 1) {
    code = `${ALPHABET[Number(bits & 31n)] ?? ''}${code}`;
    bits >>= 5n;
  }
  return code;
}

/** A code as a person types it: case, spaces, dashes and the look-alikes I, L, O do not matter. */
export function readCode(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replaceAll('O', '0');
}
