import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttackRow } from './attack.ts';

/** `npm run attack`: every attack, then the table of what each tried and achieved. */
const file = join(tmpdir(), `agentdesk-attack-${process.pid}.jsonl`);
const { status } = spawnSync('node_modules/.bin/vitest', ['run', 'test/attack'], {
  stdio: 'inherit',
  env: { ...process.env, ATTACK_TABLE: file, ATTACK_RUNS: process.env['ATTACK_RUNS'] ?? '60' },
});
const rows = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AttackRow)
  : [];
rmSync(file, { force: true });
const width = Math.max(8, ...rows.map((row) => row.attack.length));
const print = (...cells: (string | number)[]): void => {
  const [first, ...rest] = cells;
  process.stdout.write(
    `${String(first).padEnd(width)}${rest.map((cell) => String(cell).padStart(11)).join('')}\n`,
  );
};
print('attack', 'tries', 'exchanges', 'effects', 'cards');
for (const row of rows) print(row.attack, row.tries, row.exchanges, row.effects, row.cards);
print(
  'total',
  ...(['tries', 'exchanges', 'effects', 'cards'] as const).map((key) =>
    rows.reduce((sum, row) => sum + row[key], 0),
  ),
);
const unshown = rows.filter((row) => (row.unshown ?? 0) > 0);
for (const row of unshown) process.stdout.write(`NOT SHOWN TO ANYBODY: ${row.unshown} by ${row.attack}\n`);
process.stdout.write(
  'effects: those an approval showed or the policy allowed; the tests fail on any other.\n',
);
process.exitCode = unshown.length > 0 || rows.length === 0 ? 1 : (status ?? 1);
