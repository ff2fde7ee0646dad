import { readFileSync, writeFileSync } from 'node:fs';

const DOCS = 'docs/performance.md';
const [BEGIN, END] = ['<!-- the last run -->', '<!-- end of the last run -->'];

/** Puts the table of a run where docs/performance.md has the last one. */
export function writeDocs(text: string): void {
  const docs = readFileSync(DOCS, 'utf8');
  const [from, to] = [docs.indexOf(BEGIN), docs.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${DOCS} has no place for the table`);
  writeFileSync(DOCS, `${docs.slice(0, from + BEGIN.length)}\n\n${text}\n\n${docs.slice(to)}`);
}
