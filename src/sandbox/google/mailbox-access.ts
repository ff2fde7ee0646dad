import type { Incoming } from '../http/exchange.ts';
import { requireAccess } from './access.ts';
import { findMailbox } from './delivery.ts';
import { refuse, refuseMissing } from './errors.ts';
import type { Mailbox, StoredMessage } from './mail-state.ts';
import type { Google, Person } from './state.ts';

/**
 * The mailbox a Gmail path names: `me` or the person's own address.
 * @throws Refusal 401, 403 for missing scopes or somebody else's mailbox
 */
export function requireMailbox(
  google: Google,
  request: Incoming,
  accepted: readonly string[],
): { person: Person & { readonly scopes: readonly string[] }; mailbox: Mailbox } {
  const person = requireAccess(google, request, 'gmail', accepted);
  const userId = request.params['userId'] ?? 'me';
  const mailbox = findMailbox(google, person.email);
  if (!mailbox || (userId !== 'me' && userId.toLowerCase() !== person.email)) {
    throw refuse('gmail', {
      status: 403,
      reason: 'forbidden',
      inner: `Delegation denied for ${person.email}`,
    });
  }
  return { person, mailbox };
}

/** @throws Refusal 404 */
export function requireMessage(mailbox: Mailbox, id: string): StoredMessage {
  const message = mailbox.messages.find((entry) => entry.id === id);
  if (!message) throw refuseMissing('gmail');
  return message;
}
