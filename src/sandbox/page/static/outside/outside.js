import { byId } from '../dom.js';
import { renderCalendar } from './calendar.js';
import { findChanges } from './changes.js';
import { renderIssues } from './issues.js';
import { renderJournal } from './journal.js';
import { renderMail } from './mail.js';
import { renderViolations } from './violations.js';

/** What each member's outside world looked like last, so that a change can be told from a first sight. */
const seen = new Map();

/** Mailbox, calendar and issues of the member, and what changed there while one watched. */
export function renderOutside({ me, outside, violations }) {
  const changes = seen.has(me.id) ? findChanges(seen.get(me.id), outside) : [];
  seen.set(me.id, outside);
  renderJournal(me, changes);
  renderMail(byId('mail'), outside.mail, me);
  renderCalendar(byId('calendar'), outside.events, me);
  renderIssues(byId('issues'), outside.repositories);
  renderViolations(byId('violations'), violations);
  for (const id of changes.flatMap(({ ids }) => ids)) flash(document.getElementById(id));
}

/** Marks what changed for a few seconds. */
function flash(node) {
  if (node === null) return;
  node.classList.remove('changed');
  void node.offsetWidth; // makes the browser start the animation again
  node.classList.add('changed');
}
