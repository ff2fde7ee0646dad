import { block, type BlockKind } from './block-parts.ts';
import { richText } from './rich-text.ts';
import { among, byType, choice, flag, list, report, shape, text, whole, type Rule } from './rules.ts';

const number: Rule = (value, at, scope) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) report(scope, 'must be a number', at);
};

const CELLS: Readonly<Record<string, Rule>> = {
  raw_text: shape({ type: text(50), text: text(10000) }),
  raw_number: shape({ type: text(50), value: number, text: text(100) }),
  rich_text: richText,
};

/** All table text of one message together; the widest sum reported to pass. */
const TABLE_CHARACTERS = 10_000;

const rows: Rule = (value, at, scope) => {
  list(list(byType(among(CELLS)), 20), 100)(value, at, scope);
  const cells = [...JSON.stringify(value ?? null).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)];
  const sum = cells.reduce((total, match) => total + (match[1]?.length ?? 0), 0);
  if (sum > TABLE_CHARACTERS)
    report(scope, `must be less than ${TABLE_CHARACTERS + 1} characters in all cells`, at);
};

const single: Rule = (_, at, scope) => {
  if (++scope.counts.table > 1) report(scope, 'only_one_table_allowed', at);
};

const fewCharts: Rule = (_, at, scope) => {
  if (++scope.counts.chart > 2) report(scope, 'no more than 2 data_visualization blocks allowed', at);
};

const points = list(shape({ label: text(20), value: number }), 20);
const axes = shape({ categories: list(text(20), 20) }, { x_label: text(50), y_label: text(50) });

/** Each series has one point for each category, in their order, and a name of its own. */
const matched: Rule = (value, at, scope) => {
  const { series, axis_config: config } = value as {
    series?: unknown;
    axis_config?: { categories?: unknown };
  };
  const wanted = JSON.stringify(config?.categories ?? null);
  const names = new Set<unknown>();
  for (const one of Array.isArray(series) ? (series as { name?: unknown; data?: unknown }[]) : []) {
    const labels = Array.isArray(one.data) ? one.data.map((point: { label?: unknown }) => point.label) : null;
    if (JSON.stringify(labels) !== wanted) report(scope, 'labels must match the categories', at);
    if (names.has(one.name)) report(scope, 'series names must be unique', at);
    names.add(one.name);
  }
};

const plotted = shape(
  { type: text(50), series: list(shape({ name: text(20), data: points }), 6), axis_config: axes },
  {},
  matched,
);
const CHARTS: Readonly<Record<string, Rule>> = {
  pie: shape({ type: text(50), segments: list(shape({ label: text(20), value: number }), 6) }),
  bar: plotted,
  area: plotted,
  line: plotted,
};

/** https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
const chart = block({ title: text(50), chart: byType(among(CHARTS)) }, {}, fewCharts);

export const tableKinds: Readonly<Record<string, BlockKind>> = {
  table: {
    surfaces: ['message'],
    rule: block(
      { rows },
      {
        column_settings: list(shape({}, { align: choice('left', 'center', 'right'), is_wrapped: flag }), 20),
      },
      single,
    ),
  },
  data_table: {
    surfaces: ['message'],
    rule: block(
      { rows, caption: text(3000) },
      { page_size: whole(1, 100), row_header_column_index: whole(0, 19) },
      single,
    ),
  },
  data_visualization: { surfaces: ['message', 'home'], rule: chart },
};
