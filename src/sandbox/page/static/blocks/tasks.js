import { h, link } from '../dom.js';
import { renderRichText } from '../text/rich-text.js';

const STATUS = { pending: 'To do', in_progress: 'Working…', complete: 'Done', error: 'Failed' };

/** One step of the agent's work: what it is, how far, and on demand what came of it. */
export function renderTaskCard(task, surface) {
  const status = h('span', { class: `task-status ${task.status}` }, STATUS[task.status] ?? task.status);
  const title = h('span', { class: 'task-title' }, task.title);
  const more = [
    task.details && renderRichText(task.details, surface),
    task.output && renderRichText(task.output, surface),
    task.sources &&
      h(
        'p',
        {},
        task.sources.map((source) => [link(source.url, source.text), ' ']),
      ),
  ].filter(Boolean);
  if (more.length === 0) return h('div', { class: 'task' }, status, title);
  return h('details', { class: 'task' }, h('summary', {}, status, title), more);
}

export function renderPlan(plan, surface) {
  return h(
    'div',
    { class: 'card plan' },
    h('div', { class: 'card-title' }, plan.title),
    (plan.tasks ?? []).map((task) => renderTaskCard(task, surface)),
  );
}
