import type { IncomingMessage } from 'node:http';

/** Larger than any view or message that Slack itself accepts (a view may have 250 kB). */
const MAX_BYTES = 1_000_000;

/** Reads a JSON body of at most 1 MB. The problem, if any, is a sentence for the person at the page. */
export async function readJson(req: IncomingMessage): Promise<{ value: unknown } | { problem: string }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BYTES) return { problem: 'The request is larger than 1 MB. Send less at once.' };
  try {
    return { value: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch (error) {
    return { problem: `The request is not JSON (${error instanceof Error ? error.message : 'unreadable'}).` };
  }
}
