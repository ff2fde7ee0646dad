import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Row } from './figure.ts';
import { figures } from './figures.ts';
import { openStage } from './stage.ts';
import { writeTable } from './table.ts';
import { writeDocs } from './write-docs.ts';

const { values } = parseArgs({
  options: {
    /** A look in a minute or two, with few samples. */
    quick: { type: 'boolean' },
    /** An audit log of ten million rows instead of one. */
    large: { type: 'boolean' },
    /** Names of figures, with commas. */
    only: { type: 'string' },
    /** Writes the table into docs/performance.md. */
    docs: { type: 'boolean' },
  },
});
const quick = values.quick === true;
const sizes = { quick, auditRows: values.large === true ? 10_000_000 : quick ? 100_000 : 1_000_000 };
const chosen = figures.filter(
  ({ name }) => values.only === undefined || values.only.split(',').includes(name),
);
if (chosen.length === 0)
  throw new Error(`--only takes some of: ${figures.map(({ name }) => name).join(', ')}`);

const started = Date.now();
const loadBefore = loadavg()[0] ?? 0;
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const seconds = (): string => `${((Date.now() - started) / 1000).toFixed(0)} s`;

const rows: Row[] = [];
const stage = await openStage(16);
say(`${seconds()}: both programs are up`);
try {
  for (const figure of chosen) {
    rows.push(...(await figure.measure(stage, sizes)));
    say(`${seconds()}: ${figure.name}`);
  }
} finally {
  await stage.stop();
}
const machine = {
  at: new Date().toISOString(),
  node: process.version,
  cpus: cpus().length,
  cpu: cpus()[0]?.model ?? '',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  /** Processes that wanted a core in the last minute, before this run and at its end: above the cores, nothing holds. */
  loadBefore,
  loadAfter: loadavg()[0] ?? 0,
  seconds: Math.round((Date.now() - started) / 1000),
  ...sizes,
};
writeFileSync('bench.json', `${JSON.stringify({ machine, rows }, null, 2)}\n`);
const table = writeTable(rows);
const about =
  `Measured ${machine.at.slice(0, 10)} on ${machine.cpus} cores (${machine.cpu}), ${machine.memoryGb} GB, Node ` +
  `${machine.node}, in ${machine.seconds} s; load average ${loadBefore.toFixed(1)} before the run and ` +
  `${machine.loadAfter.toFixed(1)} at its end.`;
process.stdout.write(`${table}\n\n${about}\n`);
if (values.docs === true) writeDocs(`${about}\n\n${table}`);
