import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { analyzeTsConfig } from 'ts-unused-exports';

const MAX_LINES = 250;
const MAX_MEDIAN = 60;

/** The part of `npm run check` that looks at the structure: import rules, unused exports, file sizes. */
function checkStructure(): string[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('src', name));
  return [...checkImports(files), ...checkExports(), ...checkSizes(files)];
}

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

/** dependency-cruiser passes in silence when it reads no file, so that it read each of ours is checked too. */
function checkImports(files: readonly string[]): string[] {
  const output = execFileSync(
    process.execPath,
    [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      '-T',
      'json',
      'src',
      'test',
    ],
    { maxBuffer: 1 << 28, encoding: 'utf8' },
  );
  const { modules, summary } = JSON.parse(output) as Cruise;
  const read = new Set(modules.map(({ source }) => source));
  process.stdout.write(
    `imports: ${files.filter((file) => read.has(file)).length} of ${files.length} files in src read, ` +
      `${summary.totalCruised} modules in all, ${summary.violations.length} violations\n`,
  );
  return [
    ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
    ...files.filter((file) => !read.has(file)).map((file) => `dependency-cruiser did not read ${file}`),
  ];
}

/** Commands of the program: main/cli.ts reaches them by `import()` alone, which the tool does not see. */
const isCommand = (file: string, exportName: string): boolean =>
  file.startsWith('src/main/') && /^run[A-Z]/.test(exportName);

/** What else is reached by `import()` alone, because a start is quicker without it. */
const LATE = new Set([
  'src/agent/run.ts createAgent',
  'src/db/drizzle.ts migrate',
  'src/db/jobs.ts setupJobs',
  'src/main/sandbox.ts startSandbox',
]);

/** Tables, which drizzle-kit reads; some are used by SQL alone. */
const isTable = (file: string): boolean => file.startsWith('src/db/schema/');

/**
 * Exports that neither the program nor a test uses. Types in a public signature may be exported for their own sake.
 * The commands prove that the tool has read the project: it must name them.
 */
function checkExports(): string[] {
  const { unusedExports } = analyzeTsConfig('tsconfig.json', ['--allowUnusedTypes']);
  const unused = Object.entries(unusedExports).flatMap(([path, exports]) =>
    exports.map(({ exportName }) => ({ file: relative('.', path), exportName })),
  );
  const found = unused.filter(
    ({ file, exportName }) =>
      file.startsWith('src/') &&
      !isTable(file) &&
      !isCommand(file, exportName) &&
      !LATE.has(`${file} ${exportName}`),
  );
  process.stdout.write(`exports: ${found.length} unused\n`);
  return [
    ...found.map(({ file, exportName }) => `unused export: ${file} ${exportName}`),
    ...(unused.some(({ file, exportName }) => isCommand(file, exportName))
      ? []
      : ['ts-unused-exports named no command of src/main, so it has not read the project']),
  ];
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
