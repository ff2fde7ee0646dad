import { expect, it } from 'vitest';
import { runChaos } from '../support/chaos.ts';

it('loses nothing and does nothing twice in a short run of chaos', async () => {
  const lines: string[] = [];
  const problems = await runChaos({ runs: 6, seed: 300, gentle: true, write: (line) => lines.push(line) });
  expect(problems, lines.join('\n')).toBe(0);
  expect(lines.filter((line) => line.startsWith('run '))).toHaveLength(6);
}, 300_000);
