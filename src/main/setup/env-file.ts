import { renameSync, writeFileSync } from 'node:fs';

/**
 * The text of a `.env` file as Node reads it (`node --env-file`, https://nodejs.org/api/environment_variables.html).
 * @throws RangeError for a value that such a file cannot hold
 */
export function renderEnv(values: ReadonlyMap<string, string>): string {
  const lines = [...values].map(([name, value]) => {
    if (/[\r\n\0]/.test(value)) throw new RangeError(`${name} has more than one line`);
    const quote = ["'", '"', '`'].find((mark) => !value.includes(mark));
    if (quote === undefined) throw new RangeError(`${name} has every kind of quotation mark`);
    return `${name}=${quote}${value}${quote}`;
  });
  return `${lines.join('\n')}\n`;
}

/** Writes it for its owner alone, whole or not at all. */
export function writeEnv(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' });
  renameSync(fresh, file);
}
