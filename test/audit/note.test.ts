import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  findCheckpoint,
  fingerprint,
  isSignedBy,
  keyId,
  readCheckpoint,
  readKeyLine,
  signNote,
  writeCheckpoint,
  writeKeyLine,
} from '../../src/audit/log/note.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
const origin = 'agentdesk/log/4c0e8f7a-1111-4222-8333-444455556666';
const key = { name: origin, raw };
const root = Buffer.alloc(32, 7);
const note = signNote(writeCheckpoint(origin, 4711, root), key, privateKey);

describe('a signed checkpoint', () => {
  it('reads as it was written, and its signature holds', () => {
    const read = readCheckpoint(note)!;
    expect(read).toMatchObject({ origin, size: 4711, root });
    expect(isSignedBy(read.text, read.signatures, key)).toBe(true);
    const other = Buffer.from(
      String(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x),
      'base64url',
    );
    expect(isSignedBy(read.text, read.signatures, { name: origin, raw: other })).toBe(false);
    expect(isSignedBy(read.text.replace('4711', '4712'), read.signatures, key)).toBe(false);
  });

  it("is what Go's sumdb reads: the published example's parts are found and its key id is that of its key", () => {
    // The example of C2SP tlog-checkpoint, and the key line of sum.golang.org.
    const example = `example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n`;
    expect(readCheckpoint(example)).toMatchObject({ size: 20852163, signatures: [{ keyId: '033de0ae' }] });
    const sumdb = readKeyLine('sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8')!;
    expect(keyId(sumdb)).toBe('033de0ae');
    expect(writeKeyLine(sumdb)).toBe('sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8');
  });

  it.each([
    ['a leading zero', note.replace('4711', '04711')],
    ['another line', note.replace('\n\n', '\nmore\n\n')],
    ['no empty line', note.replace('\n\n', '\n')],
    ['no signature', note.slice(0, note.indexOf('—'))],
    ['a root of another length', note.replace(root.toString('base64'), 'AAAA')],
    ['no end of line', note.trimEnd()],
  ])('is refused with %s', (_, text) => {
    expect(readCheckpoint(text)).toBeNull();
  });

  it.each([
    ['as it is', note],
    ['with carriage returns', note.replaceAll('\n', '\r\n')],
    ['quoted', note.replace(/^/gm, '> ')],
    ['in a code fence, with words around it', `Ben wrote at 10:31 today:\n\`\`\`\n${note}\`\`\`\nok?`],
    ['with the empty line lost', note.replace('\n\n', '\n')],
    ['as one paragraph', note.replaceAll('\n', ' ')],
    ['with a hyphen for the dash', note.replace('—', '-')],
    [
      'with non-breaking spaces and indents',
      note.replaceAll('\n', '\n\u00a0\u00a0').replace('— ', '—\u00a0'),
    ],
    ['with the name made a link', note.replaceAll(origin, `<http://${origin}|${origin}>`)],
  ])('is found in what was pasted %s', (_, pasted) => {
    const found = findCheckpoint(pasted)!;
    expect(found).toMatchObject({ origin, size: 4711 });
    expect(isSignedBy(found.text, found.signatures, key)).toBe(true);
  });

  it('is not found where there is none', () => {
    expect(findCheckpoint('hello')).toBeNull();
    expect(findCheckpoint('')).toBeNull();
  });
});

describe('a key', () => {
  it('is read back from its line, and not from an altered one', () => {
    const line = writeKeyLine(key);
    expect(readKeyLine(line)).toEqual(key);
    expect(readKeyLine(line.replace('log', 'lag'))).toBeNull();
    expect(readKeyLine(`${line}A`)).toBeNull();
    expect(readKeyLine('x+00000000+AAAA')).toBeNull();
  });

  it('has a fingerprint of its bytes', () => {
    expect(fingerprint(Buffer.alloc(32))).toBe(
      'sha256:66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925',
    );
    expect(sign(null, Buffer.from('x'), privateKey)).toHaveLength(64);
  });
});
