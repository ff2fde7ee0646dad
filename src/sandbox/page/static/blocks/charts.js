import { h } from '../dom.js';

const WIDTH = 560;
const HEIGHT = 170;
const LEFT = 34;
const BOTTOM = 22;
/** Labels under the chart are at least so far apart. */
const LABEL_GAP = 70;

/** A `data_visualization`: bars beside each other for each category; a pie as its numbers. */
export function renderChart(block) {
  const { chart } = block;
  const numbers = chart.series ? [] : chart.segments.map(({ label, value }) => `${label}: ${value}`);
  return h(
    'figure',
    { class: 'chart' },
    h('figcaption', {}, block.title),
    chart.series ? [drawBars(block.title, chart), buildLegend(chart.series)] : h('p', {}, numbers.join(', ')),
  );
}

function drawBars(title, { series, axis_config: { categories } }) {
  const most = niceTop(Math.max(1, ...series.flatMap(({ data }) => data.map(({ value }) => value))));
  const high = HEIGHT - BOTTOM - 8;
  const step = (WIDTH - LEFT) / categories.length;
  const bar = (step * 0.72) / series.length;
  const y = (value) => 8 + high - (value / most) * high;
  const root = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'aria-label': describe(title, series),
  });
  for (const value of [0, most / 2, most]) {
    root.append(svg('line', { x1: LEFT, x2: WIDTH, y1: y(value), y2: y(value), class: 'chart-line' }));
    root.append(label(LEFT - 6, y(value) + 4, 'end', value));
  }
  const every = Math.ceil(LABEL_GAP / step);
  categories.forEach((category, index) => {
    const x = LEFT + index * step + step * 0.14;
    series.forEach(({ data }, at) => {
      const value = data[index].value;
      const size = { x: x + at * bar, y: y(value), width: Math.max(1, bar - 1), height: y(0) - y(value) };
      root.append(svg('rect', { ...size, rx: 1.5, class: `series series-${at}` }));
    });
    if (index % every === 0)
      root.append(label(LEFT + index * step + step / 2, HEIGHT - 6, 'middle', category));
  });
  return root;
}

/** An even number of steps, so that half of it can be read too. */
function niceTop(value) {
  const power = Math.max(1, 10 ** Math.floor(Math.log10(value)));
  return ([2, 4, 6, 8, 10].find((times) => times * power >= value) ?? 20) * power;
}

function describe(title, series) {
  const sums = series.map(({ name, data }) => `${name} ${data.reduce((sum, { value }) => sum + value, 0)}`);
  return `${title}: ${sums.join(', ')}`;
}

function buildLegend(series) {
  return h(
    'p',
    { class: 'chart-legend' },
    series.map(({ name }, index) => h('span', {}, h('i', { class: `series-${index}` }), name)),
  );
}

function label(x, y, anchor, text) {
  const node = svg('text', { x, y, 'text-anchor': anchor, class: 'chart-label' });
  node.append(String(text));
  return node;
}

function svg(tag, attributes) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}
