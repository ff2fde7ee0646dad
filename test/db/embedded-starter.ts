/** A process of its own for the tests of the embedded server: starts it, says what it got, and stays. */
import { startEmbeddedPostgres } from '../../src/db/embedded/start.ts';

const [dataDir = '', fallbackDir = ''] = process.argv.slice(2);
const { url, port, adopted } = await startEmbeddedPostgres({
  dataDir,
  fallbackDir,
  durable: false,
  log: () => undefined,
});
process.stdout.write(`${JSON.stringify({ url, port, adopted })}\n`);
setInterval(() => undefined, 60_000);
