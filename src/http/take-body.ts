import type { IncomingMessage } from 'node:http';

const MAX_BYTES = 64 * 1024;

/**
 * Takes a body off the connection. No form of ours has a field, so what it says does not matter.
 * @returns false when it is longer than 64 KiB; the rest is then left unread
 */
export async function takeBody(request: IncomingMessage): Promise<boolean> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) return false;
  let bytes = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BYTES) return;
      request.pause();
      resolve(false);
    });
    request.once('end', () => {
      resolve(true);
    });
    request.once('error', reject);
  });
}
