import { readFileSync, writeFileSync } from 'node:fs';
import { variables } from '../../src/config-variables.ts';

const START = '<!-- variables:start -->';
const END = '<!-- variables:end -->';

/** README.md with its table of variables made anew from src/config-variables.ts. */
export function renderReadme(readme: string): string {
  const rows = Object.entries(variables).map(([name, { about, fallback, example, secret }]) => {
    const notes = [
      fallback === undefined ? '' : `Default \`${fallback}\`.`,
      example === undefined ? '' : `Example \`${example}\`.`,
      secret === true ? 'Secret.' : '',
    ].filter((note) => note !== '');
    return `| \`${name}\` | ${[about, ...notes].join(' ')} |`;
  });
  const before = readme.slice(0, readme.indexOf(START) + START.length);
  const after = readme.slice(readme.indexOf(END));
  return `${before}\n\n| variable | what it is |\n|---|---|\n${rows.join('\n')}\n\n${after}`;
}

/** The table without the spaces a formatter puts in. */
export function withoutPadding(text: string): string {
  return text.replace(/[ ]+/g, ' ').replace(/-+/g, '-').replace(/\| -/g, '|-').replace(/- \|/g, '-|');
}

if (process.argv[1]?.endsWith('readme-variables.ts') === true) {
  writeFileSync('README.md', renderReadme(readFileSync('README.md', 'utf8')));
}
