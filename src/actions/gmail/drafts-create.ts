import { z } from 'zod';
import type { Action, ActionResult, Http } from '../action.ts';
import { gmailRule } from '../provider/rules.ts';
import { askGmail } from './client.ts';
import { CALL_HEADER } from './compose.ts';
import { createDraft, getDraft, type DraftIds } from './drafts.ts';
import { describeRecipients, noteMail, showMail, showTargets } from './mail-preview.ts';
import { mailArgs, rawMail, resolveMail, type MailArgs, type RawMail } from './mail.ts';
import { readHeader } from './message.ts';
import { COMPOSE_SCOPES } from './scopes.ts';

/** How many of the newest drafts are looked through for a lost one. */
const DRAFTS_SEARCHED = 20;

export const draftsCreate: Action<RawMail, MailArgs> = {
  id: 'gmail.drafts.create',
  service: 'gmail',
  connection: 'google-oauth2',
  risk: 'write',
  scopes: COMPOSE_SCOPES,
  mayVary: ['subject', 'text'],
  description:
    'Write a draft into the mailbox without sending it, new or as an answer to a message. Use it when the person ' +
    'asks for a draft or wants to look at the text first.',
  schema: rawMail,
  args: mailArgs,
  requests: {
    inspect: [gmailRule('GET', '/messages/{message}')],
    perform: [gmailRule('POST', '/drafts')],
    reconcile: [gmailRule('GET', '/drafts'), gmailRule('GET', '/drafts/{draft}', DRAFTS_SEARCHED)],
  },

  resolve(given, context) {
    return resolveMail(this.id, given, context);
  },

  preview: (mail) => ({
    title: 'Write an e-mail draft',
    line: `“${mail.subject}” for ${describeRecipients(mail)}`,
    targets: showTargets(mail),
    fields: showMail(mail),
    notes: ['It stays in the drafts and is not sent.', ...noteMail(mail)],
  }),

  createHandle: (_mail, seed) => ({ header: `${seed.code}-${seed.attemptId}` }),

  async execute(mail, { http, handle }) {
    return report(mail, await createDraft(http, mail, String(handle['header']), true));
  },

  async reconcile(mail, { http, handle }) {
    const found = await findDraft(http, String(handle['header']));
    if (found !== null) return { outcome: 'done', result: report(mail, found) };
    return {
      outcome: 'unknown',
      look: `Look for “${mail.subject}” in the Gmail drafts of ${mail.from.address}.`,
    };
  },
};

async function findDraft(http: Http, callId: string): Promise<DraftIds | null> {
  const list = z.object({ drafts: z.array(z.object({ id: z.string() })).optional() });
  const { drafts = [] } = await askGmail(http, { what: 'the drafts', effect: false }, list, (api) =>
    api.users.drafts.list({ userId: 'me', maxResults: DRAFTS_SEARCHED }),
  );
  for (const { id } of drafts.slice(0, DRAFTS_SEARCHED)) {
    const draft = await getDraft(http, id);
    if (draft !== null && readHeader(draft.message, CALL_HEADER) === callId) {
      return { draftId: draft.id, messageId: draft.message.id, threadId: draft.message.threadId };
    }
  }
  return null;
}

function report(mail: MailArgs, ids: DraftIds): ActionResult {
  return {
    summary: `The draft “${mail.subject}” for ${describeRecipients(mail)} is in the mailbox.`,
    data: { ...ids },
    link: 'https://mail.google.com/mail/#drafts',
  };
}
