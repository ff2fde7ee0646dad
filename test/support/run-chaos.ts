import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runChaos } from './chaos.ts';

/** `npm run chaos -- --runs N [--seed S]` */
const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
const runs = Number(values.runs ?? 20);
const seed = Number(values.seed ?? randomInt(1, 1_000_000));
if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed) || seed < 0)
  throw new Error('Say how many: npm run chaos -- --runs 200 [--seed 1]');
process.stdout.write(`seed ${seed}\n`);
const enough = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => enough.abort());
const problems = await runChaos({
  runs,
  seed,
  enough: enough.signal,
  write: (line) => process.stdout.write(`${line}\n`),
});
process.exitCode = problems === 0 ? 0 : 1;
