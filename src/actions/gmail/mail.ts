import { z } from 'zod';
import type { Facts, ResolveContext, Resolved } from '../action.ts';
import { resolveAddresses } from '../addresses.ts';
import { refuseArguments, requireOneLine, toCanonical } from '../arguments.ts';
import { readReply, replyArgs } from './reply.ts';

const addresses = z.array(z.string().max(320)).max(500);

/** What the model gives for a new mail or an answer. */
export const rawMail = z.strictObject({
  to: addresses
    .optional()
    .describe('E-mail addresses; may be left out in a reply, which then goes to the author'),
  cc: addresses.optional(),
  bcc: addresses.optional(),
  subject: z.string().max(900).optional().describe('May be left out in a reply'),
  text: z.string().min(1).max(200_000).describe('The whole plain text of the mail, with greeting and name'),
  replyTo: z
    .string()
    .regex(/^[\w-]+$/, 'must be the id of a message')
    .max(128)
    .optional()
    .describe('Id of the message to answer, from gmail_messages_list; keeps the answer in its thread'),
});

export type RawMail = z.infer<typeof rawMail>;

/** A mail with everything in it that is sent. */
export const mailArgs = z.strictObject({
  from: z.strictObject({ name: z.string(), address: z.string() }),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  bcc: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  reply: replyArgs.optional(),
});

export type MailArgs = z.infer<typeof mailArgs>;

/**
 * Fixes recipients, subject and thread.
 * @throws DeskError `arguments_invalid` without a recipient, and for addresses or a subject that could add headers
 */
export async function resolveMail(
  action: string,
  given: RawMail,
  context: ResolveContext,
): Promise<Resolved<MailArgs>> {
  const { account, member, http } = context;
  const answered =
    given.replyTo === undefined ? undefined : await readReply(http, given.replyTo, account.label);
  const list = (name: 'to' | 'cc' | 'bcc') => resolveAddresses(action, name, given[name] ?? []);
  const [cc, bcc] = [list('cc'), list('bcc')];
  const to = given.to === undefined || given.to.length === 0 ? (answered?.to ?? []) : list('to');
  const recipients = [...new Set([...to, ...cc, ...bcc].map((address) => address.toLowerCase()))];
  if (recipients.length === 0) throw refuseArguments(action, 'it needs at least one recipient (to)');
  const subject = given.subject ?? answered?.subject;
  if (subject === undefined) throw refuseArguments(action, 'it needs a subject');
  const args = {
    from: { name: requireOneLine(action, 'your name', member.name), address: account.label },
    to,
    cc,
    bcc,
    subject: requireOneLine(action, 'subject', subject),
    text: given.text,
    reply: answered?.reply,
  };
  const facts: Facts = { recipients, guests: [] };
  return { args: toCanonical(args), facts };
}
