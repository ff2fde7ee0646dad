import type { types } from '@slack/bolt';
import type { DayCount } from '../../audit/read/insights.ts';
import { cut } from './text.ts';

/**
 * A chart of Slack's own, which the installed types do not know: at most two in a Home view or a message, six series,
 * names and categories of 20 characters, a title of 50.
 * https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
 */
interface ChartBlock {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: 'bar';
    readonly series: readonly {
      readonly name: string;
      readonly data: readonly { readonly label: string; readonly value: number }[];
    }[];
    readonly axis_config: {
      readonly categories: readonly string[];
      readonly x_label: string;
      readonly y_label: string;
    };
  };
}

const MOST_SERIES = 6;

/** Counts by day, a series for each name; null when there is nothing to draw. */
export function buildChart(
  title: string,
  counts: readonly DayCount[],
  days: readonly string[],
  nameOf: (name: string) => string,
): types.KnownBlock | null {
  const shown = counts.filter(({ day }) => days.includes(day));
  const names = [...new Set(shown.map(({ name }) => cut(nameOf(name), 20)))].slice(0, MOST_SERIES);
  if (names.length === 0) return null;
  // Day and month are enough for two weeks, and short enough for a label.
  const categories = days.map((day) => day.slice(5));
  const block: ChartBlock = {
    type: 'data_visualization',
    title: cut(title, 50),
    chart: {
      type: 'bar',
      series: names.map((name) => ({
        name,
        data: days.map((day, index) => ({
          label: categories[index] ?? day,
          value: shown
            .filter((one) => one.day === day && cut(nameOf(one.name), 20) === name)
            .reduce((sum, { count }) => sum + count, 0),
        })),
      })),
      axis_config: { categories, x_label: 'Day', y_label: 'How many' },
    },
  };
  return block as unknown as types.KnownBlock;
}

/** Without charts: for a workspace whose Slack does not take them. The numbers are in the text besides. */
export function withoutCharts(blocks: readonly types.KnownBlock[]): types.KnownBlock[] {
  return blocks.filter(({ type }) => (type as string) !== 'data_visualization');
}
