import { h } from '../dom.js';
import { renderList } from '../list.js';
import { allIssues, issueId } from './changes.js';
import { emptyNote, frame } from './section.js';

/** The issues of every repository, newest first, each folded to one line. */
export function renderIssues(section, repositories) {
  const body = frame(section, 'Issues', 'GitHub');
  const items = repositories.flatMap((repository) => [
    { key: `repository-${repository.fullName}`, ...repository, issues: repository.issues.length },
    ...allIssues({ repositories: [repository] }),
  ]);
  renderList(body, items.length === 0 ? [emptyNote('There are no repositories.')] : items, {
    key: (item) => item.key ?? issueId(item),
    build: (item) => {
      if (item.empty !== undefined) return h('p', { class: 'empty' }, item.empty);
      return item.key === undefined ? buildIssue(item) : buildRepository(item);
    },
  });
}

function buildRepository({ fullName, visibility, issues }) {
  return h(
    'h4',
    {},
    fullName,
    h('span', { class: 'badge' }, visibility),
    issues === 0 && h('small', {}, 'no issues'),
  );
}

function buildIssue(issue) {
  return h(
    'details',
    { class: 'item issue', id: issueId(issue) },
    h(
      'summary',
      {},
      h('span', { class: 'item-who' }, `#${issue.number} by ${issue.author}`),
      h('span', { class: `badge ${issue.state}` }, issue.state),
      h('span', { class: 'item-title' }, issue.title),
    ),
    h(
      'div',
      { class: 'item-more' },
      issue.labels?.length > 0 &&
        h(
          'p',
          {},
          issue.labels.map((label) => h('span', { class: 'badge' }, label)),
        ),
      h('p', { class: 'text' }, issue.body || '(no description)'),
      issue.comments?.map(({ author, body }) =>
        h('blockquote', {}, h('strong', {}, author), h('p', { class: 'text' }, body)),
      ),
    ),
  );
}
