import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeTsConfig } from 'ts-unused-exports';

const MAX_LINES = 250;
const MAX_MEDIAN = 60;

/** The part of `npm run check` that looks at the structure: import rules, unused exports, file sizes. */
function checkStructure(): string[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('src', name));
  return [...checkImports(files.length), ...checkExports(), ...checkSizes(files)];
}

/** dependency-cruiser passes in silence when it reads no file, so the number of modules is checked too. */
function checkImports(fileCount: number): string[] {
  const output = execFileSync(
    process.execPath,
    [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      '-T',
      'json',
      'src',
    ],
    { maxBuffer: 1 << 28, encoding: 'utf8' },
  );
  const { summary } = JSON.parse(output) as {
    summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] };
  };
  process.stdout.write(`imports: ${summary.totalCruised} modules, ${summary.violations.length} violations\n`);
  return [
    ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
    ...(summary.totalCruised < fileCount
      ? [`only ${summary.totalCruised} modules were read, there are ${fileCount} files`]
      : []),
  ];
}

/**
 * Exports that neither the program nor a test uses. Types in a public signature may be exported for their own sake;
 * commands are reached by `import()` alone, which the tool does not see.
 */
function checkExports(): string[] {
  const { unusedExports } = analyzeTsConfig('tsconfig.json', ['--allowUnusedTypes']);
  const REACHED_BY_IMPORT = /^run[A-Z]/;
  const found = Object.entries(unusedExports).flatMap(([file, names]) =>
    names
      .filter(({ exportName }) => /\/src\//.test(file) && !REACHED_BY_IMPORT.test(exportName))
      .map(({ exportName }) => `unused export: ${file.replace(`${process.cwd()}/`, '')} ${exportName}`),
  );
  process.stdout.write(`exports: ${found.length} unused\n`);
  return found;
}

function checkSizes(files: readonly string[]): string[] {
  const sizes = files
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  const median = sizes[Math.floor(sizes.length / 2)]?.lines ?? 0;
  process.stdout.write(
    `sizes: ${sizes.length} files, median ${median} lines, largest ${sizes.at(-1)?.lines}\n`,
  );
  return [
    ...sizes.filter(({ lines }) => lines > MAX_LINES).map(({ file, lines }) => `${file} has ${lines} lines`),
    ...(median > MAX_MEDIAN ? [`the median file has ${median} lines`] : []),
  ];
}

const problems = checkStructure();
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
