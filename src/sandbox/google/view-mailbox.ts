import { requireMessage } from './mailbox-access.ts';
import { headerOf, parseMessage, textOf } from './mime.ts';
import type { Mailbox, StoredMessage } from './mail-state.ts';

/** A message as a person sees it. */
interface WorldMessage {
  readonly id: string;
  readonly threadId: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  readonly subject: string;
  /** RFC 3339. */
  readonly date: string;
  readonly text: string;
  readonly labels: readonly string[];
}

export interface WorldMailbox {
  readonly email: string;
  /** Newest first, without drafts. */
  readonly messages: WorldMessage[];
  readonly drafts: (WorldMessage & { readonly draftId: string })[];
}

export function viewMailbox(mailbox: Mailbox): WorldMailbox {
  const newest = mailbox.messages.toSorted(
    (a, b) => b.internalDate - a.internalDate || b.historyId - a.historyId,
  );
  return {
    email: mailbox.email,
    messages: newest.filter(({ labelIds }) => !labelIds.includes('DRAFT')).map(viewMessage),
    drafts: mailbox.drafts.map(({ id, messageId }) => ({
      draftId: id,
      ...viewMessage(requireMessage(mailbox, messageId)),
    })),
  };
}

function viewMessage(message: StoredMessage): WorldMessage {
  const part = parseMessage(Buffer.from(message.raw, 'base64'));
  return {
    id: message.id,
    threadId: message.threadId,
    from: headerOf(part.headers, 'From'),
    to: headerOf(part.headers, 'To'),
    cc: headerOf(part.headers, 'Cc'),
    bcc: headerOf(part.headers, 'Bcc'),
    subject: headerOf(part.headers, 'Subject'),
    date: new Date(message.internalDate).toISOString(),
    text: textOf(part),
    labels: message.labelIds,
  };
}
