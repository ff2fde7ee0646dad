/** Bytes to text; an unknown charset is read as UTF-8, as mail programs do. */
export function decodeText(bytes: Buffer, charset: string): string {
  const name = charset.toLowerCase();
  if (name === '' || name === 'utf-8' || name === 'utf8' || name === 'us-ascii')
    return bytes.toString('utf8');
  if (name === 'iso-8859-1' || name === 'latin1') return bytes.toString('latin1');
  try {
    return new TextDecoder(name).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return bytes.toString('utf8');
    throw error;
  }
}

/** A part's body after its Content-Transfer-Encoding (RFC 2045 §6). `body` is one byte per character. */
export function decodeTransfer(body: string, encoding: string): Buffer {
  const name = encoding.trim().toLowerCase();
  if (name === 'base64') return Buffer.from(body.replace(/[^A-Za-z0-9+/=]/g, ''), 'base64');
  if (name !== 'quoted-printable') return Buffer.from(body, 'latin1');
  const plain = body
    .replace(/[ \t]+(?=\r?\n|$)/g, '')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
