import { replyJson, type Incoming, type Reply } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { refuse } from './errors.ts';
import { compileSearch } from './mail-search.ts';
import { requireMailbox, requireMessage } from './mailbox-access.ts';
import { renderMessage, renderReference } from './message-render.ts';
import { readPage } from './paging.ts';
import { readMessage } from './raw-body.ts';
import { ACCEPTED } from './scopes.ts';
import { chooseThread, send } from './sending.ts';
import type { Google } from './state.ts';

const MESSAGES = '/gmail/v1/users/{userId}/messages';

export function addMessages(router: Router, google: Google): void {
  router.on('GET', MESSAGES, (request) => listMessages(google, request));
  router.on('GET', `${MESSAGES}/{id}`, (request) => {
    const { person, mailbox } = requireMailbox(google, request, ACCEPTED.readMail);
    return replyJson(
      200,
      renderMessage(request, person, requireMessage(mailbox, request.params['id'] ?? '')),
    );
  });
  for (const path of [`${MESSAGES}/send`, `/upload${MESSAGES}/send`]) {
    router.on('POST', path, (request) => {
      const { person, mailbox } = requireMailbox(google, request, ACCEPTED.send);
      const { raw, threadId } = readMessage(request, false);
      const { message, effect } = send(google, person, mailbox, raw, chooseThread(mailbox, raw, threadId));
      google.store.commit(effect);
      return replyJson(200, renderReference(message));
    });
  }
}

function listMessages(google: Google, request: Incoming): Reply {
  const { person, mailbox } = requireMailbox(google, request, ACCEPTED.readMail);
  const { query } = request;
  const q = query.get('q') ?? '';
  if (
    q !== '' &&
    person.scopes.every((scope) => !ACCEPTED.readMail.includes(scope) || scope.endsWith('metadata'))
  ) {
    throw refuse('gmail', {
      status: 403,
      reason: 'forbidden',
      inner: "Metadata scope does not support 'q' parameter",
    });
  }
  const matches = compileSearch(q, google.now(), person.timeZone);
  const labels = query.getAll('labelIds');
  const found = mailbox.messages
    .filter(({ labelIds }) => labels.every((label) => labelIds.includes(label)))
    .filter(matches)
    .toSorted((a, b) => b.internalDate - a.internalDate || b.historyId - a.historyId);
  const page = readPage(query, found, { api: 'gmail', usual: 100, most: 500 });
  const messages = page.items.map(({ id, threadId }) => ({ id, threadId }));
  return replyJson(200, {
    ...(messages.length > 0 && { messages }),
    nextPageToken: page.next,
    resultSizeEstimate: found.length,
  });
}
