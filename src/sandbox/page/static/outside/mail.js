import { h } from '../dom.js';
import { renderList } from '../list.js';
import { shortDay } from '../text/time.js';
import { mailId } from './changes.js';
import { emptyNote, frame } from './section.js';

const FOLDERS = [
  ['inbox', 'Inbox', 'No mail.'],
  ['sent', 'Sent', 'Nothing was sent.'],
  ['drafts', 'Drafts', 'No drafts.'],
];
let chosen = 'inbox';

/** The member's mailbox: three folders, each message folded to one line. */
export function renderMail(section, mail, me) {
  const body = frame(section, 'Mail', mail === null ? '' : me.email);
  if (mail === null) {
    renderList(body, [emptyNote(`${me.realName} has no mailbox here.`)], {
      key: ({ key }) => key,
      build: buildEmpty,
    });
    return;
  }
  const draw = () => renderMail(section, mail, me);
  const parts = [{ key: 'folders' }, ...listFolder(mail)].map((part) => ({ ...part, user: me.id }));
  renderList(body, parts, {
    key: (part) => part.key ?? mailId(part),
    build: (part) => {
      if (part.key === 'folders')
        return h('div', { class: 'segments', role: 'group', 'aria-label': 'Folder' });
      return part.empty === undefined ? buildMail(part, me) : buildEmpty(part);
    },
  });
  renderFolders(body.querySelector('.segments'), mail, draw);
}

function listFolder(mail) {
  const [, , nothing] = FOLDERS.find(([name]) => name === chosen);
  return mail[chosen].length === 0 ? [emptyNote(nothing)] : mail[chosen];
}

function renderFolders(place, mail, draw) {
  const folders = FOLDERS.map(([name, label]) => ({ name, label, count: mail[name].length }));
  renderList(
    place,
    folders.map((one) => ({ ...one, isChosen: one.name === chosen })),
    {
      key: ({ name }) => name,
      build: ({ name, label, count, isChosen }) => {
        const choose = () => {
          chosen = name;
          draw();
        };
        return h(
          'button',
          {
            type: 'button',
            id: `folder-${name}`,
            'data-focus': name,
            'aria-pressed': isChosen ? 'true' : 'false',
            onclick: choose,
          },
          label,
          h('span', { class: 'count' }, count),
        );
      },
    },
  );
}

function buildEmpty({ empty }) {
  return h('p', { class: 'empty' }, empty);
}

function buildMail(mail, me) {
  const isMine = chosen !== 'inbox';
  const line = (label, text) => text !== '' && h('div', {}, h('dt', {}, label), h('dd', {}, text));
  return h(
    'details',
    { class: 'item', id: mailId(mail) },
    h(
      'summary',
      {},
      h('span', { class: 'item-who' }, isMine ? `To ${mail.to || 'nobody yet'}` : mail.from),
      mail.date && h('time', { datetime: mail.date }, shortDay(new Date(mail.date), me.tz)),
      h('span', { class: 'item-title' }, mail.subject || '(no subject)'),
    ),
    h(
      'div',
      { class: 'item-more' },
      h('dl', {}, line('From', mail.from), line('To', mail.to), line('Cc', mail.cc), line('Bcc', mail.bcc)),
      h('p', { class: 'text' }, mail.text),
    ),
  );
}
