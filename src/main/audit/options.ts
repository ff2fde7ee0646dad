import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The command line is not usable; the message says why. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Reads options that each take a text, and what stands beside them.
 * @throws UsageError for an unknown option or one without its value
 */
export function readOptions<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): { values: Partial<Record<Name, string>>; rest: string[] } {
  const options: Options = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values: values as Partial<Record<Name, string>>, rest: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * A time as records write it: UTC, microseconds. A date alone is its beginning, in UTC.
 * @throws UsageError when it is no time
 */
export function readTime(name: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) || Number.isNaN(at.getTime())) {
    throw new UsageError(`--${name} must be like 2026-10-01 or 2026-10-01T08:30:00Z`);
  }
  return at.toISOString().replace('Z', '000Z');
}
