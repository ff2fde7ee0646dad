import { z } from 'zod';
import type { Http } from '../action.ts';
import { ProviderError } from '../../errors.ts';
import { askGmail } from './client.ts';
import { composeRaw } from './compose.ts';
import type { MailArgs } from './mail.ts';
import { messageAnswer } from './message.ts';

const draftAnswer = z.object({ id: z.string(), message: messageAnswer });

/** What finds a draft again, and after sending its thread. */
export interface DraftIds {
  readonly draftId: string;
  readonly messageId: string;
  readonly threadId: string;
}

/**
 * Puts a draft into the mailbox.
 * @param callId value of the header that names the call
 * @param effect false when the draft is only the first step: no mail was sent if its answer is lost
 */
export async function createDraft(
  http: Http,
  mail: MailArgs,
  callId: string,
  effect: boolean,
): Promise<DraftIds> {
  const raw = await composeRaw(mail, callId);
  const threadId = mail.reply?.threadId;
  const message = threadId === undefined ? { raw } : { raw, threadId };
  const what = mail.reply === undefined ? 'the mailbox' : 'the thread to reply in';
  const draft = await askGmail(http, { what, effect }, draftAnswer, (api) =>
    api.users.drafts.create({ userId: 'me', requestBody: { message } }),
  );
  return { draftId: draft.id, messageId: draft.message.id, threadId: draft.message.threadId };
}

/** A draft with its headers; null when it is gone, because it was sent or thrown away. */
export async function getDraft(http: Http, id: string) {
  try {
    return await askGmail(http, { what: 'that draft', effect: false }, draftAnswer, (api) =>
      api.users.drafts.get({ userId: 'me', id, format: 'metadata' }),
    );
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return null;
    throw error;
  }
}
