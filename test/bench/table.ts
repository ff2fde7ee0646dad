import type { Row } from './figure.ts';

/** The rows as a Markdown table, aligned, so that it reads well in a terminal and in the docs. */
export function writeTable(rows: readonly Row[]): string {
  const lines = rows.map(({ name, unit, desk, bare, ratio, goal, note }) => [
    name,
    `${round(desk)} ${unit}`,
    bare === null ? '' : `${round(bare)} ${unit}`,
    ratio === undefined ? '' : `${ratio.value.toFixed(2)} × ${ratio.of}`,
    goal?.text ?? '',
    goal === undefined ? '' : goal.met ? 'met' : 'not met',
    note ?? '',
  ]);
  const all = [['figure', 'AgentDesk', 'bare', 'ratio', 'goal', '', 'note'], ...lines];
  const widths = (all[0] ?? []).map((_, column) =>
    Math.max(3, ...all.map((line) => (line[column] ?? '').length)),
  );
  const write = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [write(all[0] ?? []), rule, ...all.slice(1).map(write)].join('\n');
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
