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

/** Charts are not described by the installed types: only their type and number are checked. */
const chart: Rule = (value, at, scope) => fewCharts(value, at, scope);

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
