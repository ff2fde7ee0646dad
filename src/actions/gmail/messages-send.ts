import { z } from 'zod';
import type { Action, ActionResult, Http } from '../action.ts';
import { ProviderError } from '../../errors.ts';
import { gmailRule } from '../provider/rules.ts';
import { askGmail } from './client.ts';
import { CALL_HEADER } from './compose.ts';
import { createDraft, getDraft } from './drafts.ts';
import { describeRecipients, noteMail, showMail, showTargets } from './mail-preview.ts';
import { mailArgs, rawMail, resolveMail, type MailArgs, type RawMail } from './mail.ts';
import { messageAnswer, readHeader } from './message.ts';
import { COMPOSE_SCOPES } from './scopes.ts';

export const messagesSend: Action<RawMail, MailArgs> = {
  id: 'gmail.messages.send',
  service: 'gmail',
  connection: 'google-oauth2',
  risk: 'write',
  scopes: COMPOSE_SCOPES,
  mayVary: ['subject', 'text'],
  description:
    'Send an e-mail in plain text, new or as an answer to a message (replyTo). Send only to addresses the person ' +
    'named or that come from a message they asked about. A sent mail cannot be taken back.',
  schema: rawMail,
  args: mailArgs,
  requests: {
    inspect: [gmailRule('GET', '/messages/{message}')],
    perform: [gmailRule('POST', '/drafts'), gmailRule('POST', '/drafts/send')],
    reconcile: [gmailRule('GET', '/drafts/{draft}'), gmailRule('GET', '/threads/{thread}')],
  },

  resolve(given, context) {
    return resolveMail(this.id, given, context);
  },

  preview: (mail) => ({
    title: mail.reply === undefined ? 'Send an e-mail' : 'Send an e-mail reply',
    line: `“${mail.subject}” to ${describeRecipients(mail)}`,
    targets: showTargets(mail),
    fields: showMail(mail),
    notes: ['A sent mail cannot be taken back.', ...noteMail(mail)],
  }),

  createHandle: (_mail, seed) => ({ header: `${seed.code}-${seed.attemptId}` }),

  /**
   * Two steps, because a draft can be looked up by its id and is gone once it was sent; a mail sent in one
   * step could not be found again with certainty.
   */
  async execute(mail, { http, handle, saveHandle }) {
    const draft = await createDraft(http, mail, String(handle['header']), false);
    await saveHandle({ ...handle, ...draft });
    const sent = await askGmail(http, { what: 'the draft to send', effect: true }, messageAnswer, (api) =>
      api.users.drafts.send({ userId: 'me', requestBody: { id: draft.draftId } }),
    );
    return report(mail, sent.id, sent.threadId);
  },

  async reconcile(mail, { http, handle }) {
    const { header, draftId, threadId } = handle;
    // The draft's id is made durable before sending starts: without it nothing can have been sent.
    if (typeof draftId !== 'string' || typeof threadId !== 'string') return { outcome: 'not_done' };
    if ((await getDraft(http, draftId)) !== null) return { outcome: 'not_done' };
    const sent = await findSent(http, threadId, String(header));
    if (sent !== null) return { outcome: 'done', result: report(mail, sent, threadId) };
    return {
      outcome: 'unknown',
      look: `Look for “${mail.subject}” in the sent mail of ${mail.from.address}.`,
    };
  },
};

/** The id of the sent message that carries our header; null when the thread has none or is gone. */
async function findSent(http: Http, threadId: string, callId: string): Promise<string | null> {
  try {
    const thread = z.object({ messages: z.array(messageAnswer).optional() });
    const { messages = [] } = await askGmail(http, { what: 'that thread', effect: false }, thread, (api) =>
      api.users.threads.get({
        userId: 'me',
        id: threadId,
        format: 'metadata',
        metadataHeaders: [CALL_HEADER],
      }),
    );
    const isOurs = (message: z.infer<typeof messageAnswer>) =>
      message.labelIds?.includes('SENT') === true && readHeader(message, CALL_HEADER) === callId;
    return messages.find(isOurs)?.id ?? null;
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return null;
    throw error;
  }
}

function report(mail: MailArgs, id: string, threadId: string): ActionResult {
  return {
    summary: `Sent “${mail.subject}” to ${describeRecipients(mail)}.`,
    data: { id, threadId },
    link: `https://mail.google.com/mail/#all/${encodeURIComponent(id)}`,
  };
}
