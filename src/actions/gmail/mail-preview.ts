import type { PreviewField, Target } from '../action.ts';
import { count, showList } from '../fields.ts';
import type { MailArgs } from './mail.ts';

function listRecipients(mail: MailArgs): string[] {
  return [...mail.to, ...mail.cc, ...mail.bcc];
}

export function showTargets(mail: MailArgs): Target[] {
  return listRecipients(mail).map((value) => ({ kind: 'address', value }));
}

/** Whom it goes to, in one line; the fields hold the rest of a long list. */
export function describeRecipients(mail: MailArgs): string {
  const [first = '', ...others] = listRecipients(mail);
  return others.length === 0 ? first : `${first} and ${count(others.length, 'more recipient')}`;
}

export function showMail(mail: MailArgs): PreviewField[] {
  return [
    ...showList('/to', 'To', mail.to),
    ...showList('/cc', 'Cc', mail.cc),
    ...showList('/bcc', 'Bcc', mail.bcc),
    { path: '/subject', label: 'Subject', value: mail.subject },
    { path: '/text', label: 'Text', value: mail.text },
    { path: '/from/address', label: 'From', value: mail.from.address },
    { path: '/from/name', label: 'Your name in it', value: mail.from.name },
    ...(mail.reply === undefined ? [] : showReply(mail.reply)),
  ];
}

function showReply(reply: NonNullable<MailArgs['reply']>): PreviewField[] {
  return [
    { path: '/reply/from', label: 'Answers a mail from', value: reply.from },
    { path: '/reply/subject', label: 'With the subject', value: reply.subject },
    { path: '/reply/message', label: 'Answered message id', value: reply.message },
    { path: '/reply/threadId', label: 'Thread id', value: reply.threadId },
    { path: '/reply/inReplyTo', label: 'In-Reply-To', value: reply.inReplyTo },
    ...showList('/reply/references', 'References', reply.references),
  ];
}

export function noteMail(mail: MailArgs): string[] {
  return mail.bcc.length === 0
    ? []
    : [`${count(mail.bcc.length, 'blind copy recipient')} the others do not see.`];
}
