import { randomBytes } from 'node:crypto';
import { parseJsonObject } from '../http/body.ts';
import { replyEmpty, replyJson, type Incoming, type Reply } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { keepMessage } from './delivery.ts';
import { refuseMissing } from './errors.ts';
import { compileSearch } from './mail-search.ts';
import { requireMailbox, requireMessage } from './mailbox-access.ts';
import { renderMessage, renderReference } from './message-render.ts';
import { headerOf, parseMessage } from './mime.ts';
import { readPage } from './paging.ts';
import { readMessage } from './raw-body.ts';
import { ACCEPTED } from './scopes.ts';
import { chooseThread, send } from './sending.ts';
import type { Mailbox } from './mail-state.ts';
import type { Google } from './state.ts';

const DRAFTS = '/gmail/v1/users/{userId}/drafts';

export function addDrafts(router: Router, google: Google): void {
  // Before the routes with an id: `send` is none.
  for (const path of [`${DRAFTS}/send`, `/upload${DRAFTS}/send`]) {
    router.on('POST', path, (request) => sendDraft(google, request));
  }
  for (const path of [DRAFTS, `/upload${DRAFTS}`])
    router.on('POST', path, (request) => createDraft(google, request));
  for (const path of [`${DRAFTS}/{id}`, `/upload${DRAFTS}/{id}`]) {
    router.on('PUT', path, (request) => updateDraft(google, request));
  }
  router.on('GET', DRAFTS, (request) => listDrafts(google, request));
  router.on('GET', `${DRAFTS}/{id}`, (request) => {
    const { person, mailbox } = requireMailbox(google, request, ACCEPTED.readDrafts);
    const draft = requireDraft(mailbox, request.params['id']);
    const message = renderMessage(request, person, requireMessage(mailbox, draft.messageId));
    return replyJson(200, { id: draft.id, message });
  });
  router.on('DELETE', `${DRAFTS}/{id}`, (request) => {
    const { person, mailbox } = requireMailbox(google, request, ACCEPTED.writeDrafts);
    removeDraft(mailbox, requireDraft(mailbox, request.params['id']));
    google.store.commit({ kind: 'draft.deleted', detail: person.email });
    return replyEmpty(204);
  });
}

type Draft = Mailbox['drafts'][number];

function requireDraft(mailbox: Mailbox, id: unknown): Draft {
  const draft = mailbox.drafts.find((entry) => entry.id === id);
  if (!draft) throw refuseMissing('gmail');
  return draft;
}

function removeDraft(mailbox: Mailbox, draft: Draft): void {
  mailbox.messages = mailbox.messages.filter(({ id }) => id !== draft.messageId);
  mailbox.drafts = mailbox.drafts.filter(({ id }) => id !== draft.id);
}

function listDrafts(google: Google, request: Incoming): Reply {
  const { person, mailbox } = requireMailbox(google, request, ACCEPTED.readDrafts);
  const matches = compileSearch(request.query.get('q') ?? '', google.now(), person.timeZone);
  const found = mailbox.drafts
    .map((draft) => ({ id: draft.id, message: requireMessage(mailbox, draft.messageId) }))
    .filter(({ message }) => matches(message))
    .toReversed();
  const page = readPage(request.query, found, { api: 'gmail', usual: 100, most: 500 });
  const drafts = page.items.map(({ id, message }) => ({
    id,
    message: { id: message.id, threadId: message.threadId },
  }));
  return replyJson(200, {
    ...(drafts.length > 0 && { drafts }),
    nextPageToken: page.next,
    resultSizeEstimate: found.length,
  });
}

function createDraft(google: Google, request: Incoming): Reply {
  const { person, mailbox } = requireMailbox(google, request, ACCEPTED.writeDrafts);
  const { raw, threadId } = readMessage(request, true);
  const message = keepMessage(google, mailbox, raw, {
    labelIds: ['DRAFT'],
    threadId: chooseThread(mailbox, raw, threadId),
  });
  const draft = { id: `r${randomBytes(7).readUIntBE(0, 6)}${message.historyId}`, messageId: message.id };
  mailbox.drafts.push(draft);
  google.store.commit({ kind: 'draft.created', detail: `${person.email}: ${subjectOf(raw)}` });
  return replyJson(200, { id: draft.id, message: renderReference(message) });
}

/** Replacing the message of a draft gives it a new message id; the draft's own id stays. */
function updateDraft(google: Google, request: Incoming): Reply {
  const { person, mailbox } = requireMailbox(google, request, ACCEPTED.writeDrafts);
  const draft = requireDraft(mailbox, request.params['id']);
  const { raw, threadId } = readMessage(request, true);
  const before = requireMessage(mailbox, draft.messageId);
  const chosen = chooseThread(mailbox, raw, threadId) ?? before.threadId;
  mailbox.messages = mailbox.messages.filter(({ id }) => id !== before.id);
  const message = keepMessage(google, mailbox, raw, { labelIds: ['DRAFT'], threadId: chosen });
  draft.messageId = message.id;
  google.store.commit({ kind: 'draft.updated', detail: `${person.email}: ${subjectOf(raw)}` });
  return replyJson(200, { id: draft.id, message: renderReference(message) });
}

/** The draft is gone afterwards, and what was sent is a new message in the draft's thread. */
function sendDraft(google: Google, request: Incoming): Reply {
  const { person, mailbox } = requireMailbox(google, request, ACCEPTED.writeDrafts);
  const draft = requireDraft(mailbox, parseJsonObject(request.body)?.['id']);
  const { raw, threadId } = requireMessage(mailbox, draft.messageId);
  const { message, effect } = send(google, person, mailbox, Buffer.from(raw, 'base64'), threadId);
  removeDraft(mailbox, draft);
  google.store.commit(effect);
  return replyJson(200, renderReference(message));
}

function subjectOf(raw: Buffer): string {
  return headerOf(parseMessage(raw).headers, 'Subject') || '(no subject)';
}
