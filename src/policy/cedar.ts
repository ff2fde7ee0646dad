import { createRequire } from 'node:module';

/** Cedar's WASM build. */
export type Cedar = typeof import('@cedar-policy/cedar-wasm/nodejs');

const PACKAGE = '@cedar-policy/cedar-wasm/nodejs';
const require = createRequire(import.meta.url);

/**
 * Runs `work` with Cedar, which is loaded on first use (about 50 ms and 15 MB).
 *
 * A WASM instance that trapped stays broken: every later call in this process would trap too (seen with an
 * expression nested 150 deep). So it is thrown away, and the next use gets a fresh one.
 * @throws what `work` throws
 */
export function useCedar<T>(work: (cedar: Cedar) => T): T {
  const cedar = require(PACKAGE) as Cedar;
  try {
    return work(cedar);
  } catch (error) {
    if (isTrap(error)) delete require.cache[require.resolve(PACKAGE)];
    throw error;
  }
}

function isTrap(error: unknown): boolean {
  return error instanceof Error && (error.name === 'RuntimeError' || error.name === 'RangeError');
}
