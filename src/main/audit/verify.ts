import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyExport, type Verdict, type Verification } from '../../audit/verify/verify.ts';
import { readOptions, UsageError } from './options.ts';

/** 2 is a command line that is not usable. */
const EXIT: Readonly<Record<Verdict, number>> = { authentic: 0, broken: 1, 'self-consistent': 3 };
const USAGE = 'Usage: agentdesk audit verify DIR [--key FINGERPRINT] [--checkpoint FILE]';

/**
 * `agentdesk audit verify`: by the files alone.
 * @returns 0 authentic, 1 broken, 2 the command line is wrong, 3 self-consistent only; of several logs the worst
 */
export async function runAuditVerify(args: readonly string[]): Promise<number> {
  const { values, rest } = readOptions(args, ['key', 'checkpoint']);
  const [dir] = rest;
  if (dir === undefined || rest.length > 1) throw new UsageError(USAGE);
  if (!existsSync(dir)) throw new UsageError(`There is no directory ${dir}`);
  const dirs = listExports(dir);
  if (values.checkpoint !== undefined && dirs.length > 1) {
    throw new UsageError('A checkpoint is of one log: give the directory of that log');
  }
  const checkpoint = values.checkpoint === undefined ? null : readGiven(values.checkpoint);
  const codes: number[] = [];
  for (const one of dirs) {
    const result = await verifyExport({ dir: one, key: values.key ?? null, checkpoint });
    process.stdout.write(describe(one, result));
    codes.push(EXIT[result.verdict]);
  }
  return codes.includes(1) ? 1 : Math.max(...codes);
}

/** The directory itself, or those of the logs in it. */
function listExports(dir: string): string[] {
  const isExport = (path: string): boolean =>
    ['manifest.json', 'export.state.json', 'leaves.jsonl'].some((file) => existsSync(join(path, file)));
  if (isExport(dir)) return [dir];
  const inside = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(dir, entry.name))
    .filter(isExport);
  return inside.length === 0 ? [dir] : inside.sort();
}

function readGiven(file: string): string {
  if (file !== '-' && !existsSync(file)) throw new UsageError(`There is no file ${file}`);
  return readFileSync(file === '-' ? 0 : file, 'utf8');
}

function describe(dir: string, { verdict, problems, facts }: Verification): string {
  const lines = [...problems.map((problem) => `  ! ${problem}`), ...facts.map((fact) => `  ${fact}`)];
  return `${dir}: ${verdict}\n${lines.join('\n')}\n`;
}
