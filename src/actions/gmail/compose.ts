import type { MailArgs } from './mail.ts';

/** Names the call a mail came from. Unlike Message-ID, Gmail leaves it as it is. */
export const CALL_HEADER = 'X-AgentDesk-Call';

/**
 * Builds the message (RFC 5322, plain text, UTF-8) as Gmail's `raw` takes it.
 * @param callId the value of the header by which the message can be found again
 * @returns base64url
 */
export async function composeRaw(mail: MailArgs, callId: string): Promise<string> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const message = new MailComposer({
    from: mail.from,
    to: mail.to,
    cc: mail.cc,
    bcc: mail.bcc,
    subject: mail.subject,
    text: mail.text,
    headers: { [CALL_HEADER]: callId },
    ...(mail.reply &&
      mail.reply.inReplyTo !== '' && { inReplyTo: mail.reply.inReplyTo, references: mail.reply.references }),
    // The text is only ever text: a composer that could open files or addresses has no use for it here.
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
  }).compile();
  // Gmail takes the recipients from the headers and removes Bcc itself.
  message.keepBcc = true;
  return (await message.build()).toString('base64url');
}
