import type { IncomingMessage } from 'node:http';

const MAX_BYTES = 64 * 1024;

/**
 * Takes a body off the connection.
 * @param most bytes it may have
 * @returns null when it is longer; the rest is then left unread
 */
export async function takeBody(request: IncomingMessage, most = MAX_BYTES): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > most) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= most) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      resolve(null);
    });
    request.once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    request.once('error', reject);
  });
}
