import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const model = readFileSync('docs/threat-model.md', 'utf8');

/** How the document names a test: a file, then the title as it stands in it. */
const NAMED = /`(test\/[\w/-]+\.test\.ts)` › “([^”]+)”/g;
const named = [...model.matchAll(NAMED)].map(([, file = '', title = '']) => ({ file, title }));

/** The rows of the table below a heading, without its two first lines. */
function rowsBelow(heading: string): string[] {
  const [, below = ''] = model.split(`\n${heading}\n`);
  const [section = ''] = below.split(/\n##+ /);
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
}

describe('the threat model', () => {
  it('names tests that exist, by their file and title', () => {
    expect(named.length).toBeGreaterThan(80);
    const missing = named.filter(({ file, title }) => {
      const source = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return !["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`));
    });
    expect(missing).toEqual([]);
  });

  it.each([
    '## The strong tier',
    '## Attacks and their tests',
    '### Bugs found in other approval bots',
    '### OWASP Top 10 for Agentic Applications 2026',
  ])('has a test in every row of “%s”', (heading) => {
    const rows = rowsBelow(heading);
    expect(rows.length).toBeGreaterThanOrEqual(10);
    expect(rows.filter((row) => row.match(NAMED) === null)).toEqual([]);
  });

  it('has all ten risks of the list', () => {
    const ids = rowsBelow('### OWASP Top 10 for Agentic Applications 2026').map(
      (row) => /ASI\d\d/.exec(row)?.[0],
    );
    expect(ids).toEqual(Array.from({ length: 10 }, (_, index) => `ASI${String(index + 1).padStart(2, '0')}`));
  });
});
