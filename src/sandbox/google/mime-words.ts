import { decodeText } from './mime-text.ts';

const WORD = /=\?([^?\s]+)\?([bqBQ])\?([^?]*)\?=/g;

/** Encoded words (RFC 2047) to text; white space between two of them does not count (§6.2). */
export function decodeWords(header: string): string {
  return header
    .replace(/(=\?[^?\s]+\?[bqBQ]\?[^?]*\?=)\s+(?==\?[^?\s]+\?[bqBQ]\?[^?]*\?=)/g, '$1')
    .replace(/(?:=\?[^?\s]+\?[bqBQ]\?[^?]*\?=)+/g, decodeRun);
}

/** Words side by side may share one character, so their bytes are joined before they are decoded. */
function decodeRun(run: string): string {
  let text = '';
  let bytes: Buffer[] = [];
  let charset = '';
  for (const [, wordCharset = '', encoding = '', data = ''] of run.matchAll(WORD)) {
    if (wordCharset.toLowerCase() !== charset && bytes.length > 0) {
      text += decodeText(Buffer.concat(bytes), charset);
      bytes = [];
    }
    charset = wordCharset.toLowerCase();
    bytes.push(encoding.toLowerCase() === 'b' ? Buffer.from(data, 'base64') : decodeQ(data));
  }
  return text + decodeText(Buffer.concat(bytes), charset);
}

function decodeQ(data: string): Buffer {
  const plain = data
    .replace(/_/g, ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}

/** An encoded word when the text is not plain ASCII; the text itself otherwise. */
export function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words: string[] = [];
  let chunk = '';
  for (const letter of text) {
    if (Buffer.byteLength(chunk + letter) > 45) {
      words.push(chunk);
      chunk = '';
    }
    chunk += letter;
  }
  return [...words, chunk].map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}
