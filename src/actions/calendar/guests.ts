import { z } from 'zod';
import { isSameAddress } from '../addresses.ts';
import type { EventAnswer } from './event.ts';

/**
 * An attendee as a patch must send it: Google replaces the whole list, and forgets the answer, comment and
 * companions of everyone who is sent back without them.
 */
export const guestArgs = z.strictObject({
  email: z.string(),
  responseStatus: z.string(),
  optional: z.boolean().optional(),
  displayName: z.string().optional(),
  comment: z.string().optional(),
  additionalGuests: z.number().optional(),
});

export type Guest = z.infer<typeof guestArgs>;

const ANSWERS: Readonly<Record<string, string>> = {
  needsAction: 'not answered',
  accepted: 'accepted',
  declined: 'declined',
  tentative: 'maybe',
};

export function readGuests(event: EventAnswer): Guest[] {
  return (event.attendees ?? []).map((guest) => ({
    ...guest,
    responseStatus: guest.responseStatus ?? 'needsAction',
  }));
}

/** The guests after people were added and removed; those who stay keep what they answered. */
export function mergeGuests(
  present: readonly Guest[],
  add: readonly string[],
  remove: readonly string[],
): Guest[] {
  const staying = present.filter(({ email }) => !remove.some((address) => isSameAddress(address, email)));
  const joining = add.filter((address) => !staying.some(({ email }) => isSameAddress(address, email)));
  return [...staying, ...joining.map((email) => ({ email, responseStatus: 'needsAction' }))];
}

/** One guest in one line, with everything that is sent. Free text is quoted, so that it stays one line. */
export function describeGuest(guest: Guest): string {
  const parts = [guest.email, ANSWERS[guest.responseStatus] ?? JSON.stringify(guest.responseStatus)];
  if (guest.optional !== undefined) parts.push(guest.optional ? 'optional' : 'required');
  if (guest.displayName !== undefined) parts.push(`name ${JSON.stringify(guest.displayName)}`);
  if (guest.additionalGuests !== undefined) parts.push(`brings ${guest.additionalGuests}`);
  if (guest.comment !== undefined) parts.push(`comment ${JSON.stringify(guest.comment)}`);
  return parts.join(', ');
}
