import { replyJson } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { refuseMissing } from './errors.ts';
import { requireMailbox } from './mailbox-access.ts';
import { renderMessage } from './message-render.ts';
import { ACCEPTED } from './scopes.ts';
import type { Google } from './state.ts';

const USER = '/gmail/v1/users/{userId}';

const LABELS = [
  'INBOX',
  'SENT',
  'DRAFT',
  'UNREAD',
  'STARRED',
  'IMPORTANT',
  'TRASH',
  'SPAM',
  'CATEGORY_PERSONAL',
  'CATEGORY_PROMOTIONS',
  'CATEGORY_UPDATES',
];

/** What is about a mailbox as a whole: profile, threads, labels. */
export function addMailbox(router: Router, google: Google): void {
  router.on('GET', `${USER}/profile`, (request) => {
    const { person, mailbox } = requireMailbox(google, request, ACCEPTED.profile);
    return replyJson(200, {
      emailAddress: person.email,
      messagesTotal: mailbox.messages.length,
      threadsTotal: new Set(mailbox.messages.map(({ threadId }) => threadId)).size,
      historyId: String(google.store.state.revision),
    });
  });
  router.on('GET', `${USER}/threads/{id}`, (request) => {
    const { person, mailbox } = requireMailbox(google, request, ACCEPTED.readMail);
    const id = request.params['id'] ?? '';
    const messages = mailbox.messages
      .filter(({ threadId }) => threadId === id)
      .toSorted((a, b) => a.internalDate - b.internalDate);
    if (messages.length === 0) throw refuseMissing('gmail');
    const historyId = String(Math.max(...messages.map((message) => message.historyId)));
    return replyJson(200, {
      id,
      historyId,
      messages: messages.map((entry) => renderMessage(request, person, entry)),
    });
  });
  router.on('GET', `${USER}/labels`, (request) => {
    requireMailbox(google, request, ACCEPTED.labels);
    return replyJson(200, { labels: LABELS.map((id) => ({ id, name: id, type: 'system' })) });
  });
}
