import { refuseInvalid } from './errors.ts';
import type { Attendee } from './calendar-state.ts';
import { isAddress } from './addresses.ts';

/** What a client may set and reads back unchanged; everything else in a body is ignored, as Google does. */
const KEPT = [
  'summary',
  'description',
  'location',
  'visibility',
  'transparency',
  'colorId',
  'reminders',
  'extendedProperties',
  'source',
  'guestsCanModify',
  'guestsCanInviteOthers',
  'guestsCanSeeOtherGuests',
];

const TEXTS = new Set(['summary', 'description', 'location', 'visibility', 'transparency', 'colorId']);

/**
 * The fields after a write. `null` clears a field; one that the body does not name stays.
 * @throws Refusal 400 for a value of the wrong kind
 */
export function mergeFields(
  before: Readonly<Record<string, unknown>>,
  body: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...before };
  for (const name of KEPT) {
    if (!(name in body)) continue;
    const value = body[name];
    if (TEXTS.has(name) && value !== null && typeof value !== 'string') {
      throw refuseInvalid('calendar', `Invalid value for: ${name}`);
    }
    fields[name] = value;
  }
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

/**
 * The guest list of a body; known answers of guests who stay are kept.
 * @throws Refusal 400 for a guest without a usable address
 */
export function parseAttendees(value: unknown, before: readonly Attendee[]): Attendee[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw refuseInvalid('calendar', 'Invalid value for: attendees');
  const attendees = new Map<string, Attendee>();
  for (const entry of value as unknown[]) {
    const given = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    const email = typeof given['email'] === 'string' ? given['email'].trim().toLowerCase() : '';
    if (!isAddress(email)) throw refuseInvalid('calendar', 'Invalid attendee email.');
    const known = before.find((attendee) => attendee.email === email);
    const status = given['responseStatus'];
    attendees.set(email, {
      email,
      ...(typeof given['displayName'] === 'string' && { displayName: given['displayName'] }),
      ...(given['optional'] === true && { optional: true }),
      responseStatus: typeof status === 'string' ? status : (known?.responseStatus ?? 'needsAction'),
    });
  }
  return [...attendees.values()];
}
