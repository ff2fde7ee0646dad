import { z } from 'zod';
import type { PreviewField } from '../action.ts';
import { resolveAddresses } from '../addresses.ts';
import { refuseArguments, requireOneLine } from '../arguments.ts';
import { showChange, showListChange } from '../fields.ts';
import { describeWhen } from '../when.ts';
import { readEnd, readStart, rewriteTime, type EventAnswer } from './event.ts';
import { describeGuest, guestArgs, mergeGuests, readGuests } from './guests.ts';
import { moveSpan } from './span.ts';

const textChange = z.strictObject({ from: z.string(), to: z.string() });

/** Only what changes, each with what it replaces. */
export const changesArgs = z.strictObject({
  title: textChange.optional(),
  start: textChange.optional(),
  end: textChange.optional(),
  location: textChange.optional(),
  description: textChange.optional(),
  guests: z.strictObject({ from: z.array(guestArgs), to: z.array(guestArgs) }).optional(),
});

export type Changes = z.infer<typeof changesArgs>;

/** What the model may ask to change. */
export interface Wishes {
  readonly title?: string | undefined;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly location?: string | undefined;
  readonly description?: string | undefined;
  readonly addGuests?: readonly string[] | undefined;
  readonly removeGuests?: readonly string[] | undefined;
}

/**
 * Compares what is wished with what is.
 * @throws DeskError `arguments_invalid` when nothing would change
 */
export function resolveChanges(action: string, wishes: Wishes, event: EventAnswer, zone: string): Changes {
  const present = { start: readStart(event, zone), end: readEnd(event, zone) };
  const moves = wishes.start !== undefined || wishes.end !== undefined;
  const span = moves ? moveSpan(action, wishes, present, zone) : present;
  const title = wishes.title === undefined ? undefined : requireOneLine(action, 'title', wishes.title);
  const location =
    wishes.location === undefined ? undefined : requireOneLine(action, 'location', wishes.location);
  const guests = readGuests(event);
  const add = resolveAddresses(action, 'addGuests', wishes.addGuests ?? []);
  const remove = resolveAddresses(action, 'removeGuests', wishes.removeGuests ?? []);
  const merged = mergeGuests(guests, add, remove);
  const changes: Changes = {
    title: compare(event.summary ?? '', title),
    start: compare(present.start, span.start),
    end: compare(present.end, span.end),
    location: compare(event.location ?? '', location),
    description: compare(event.description ?? '', wishes.description),
    guests: JSON.stringify(merged) === JSON.stringify(guests) ? undefined : { from: guests, to: merged },
  };
  if (Object.values(changes).every((change) => change === undefined)) {
    throw refuseArguments(action, 'the event is already like that, nothing would change');
  }
  return changes;
}

function compare(from: string, to: string | undefined) {
  return to === undefined || to === from ? undefined : { from, to };
}

/** Google's patch body. Both ends are sent when one moves, so that the event keeps one form of time. */
export function toPatch(changes: Changes, present: { start: string; end: string }, zone: string) {
  const moves = changes.start !== undefined || changes.end !== undefined;
  return {
    ...(changes.title && { summary: changes.title.to }),
    ...(changes.location && { location: changes.location.to }),
    ...(changes.description && { description: changes.description.to }),
    ...(moves && {
      start: rewriteTime(changes.start?.to ?? present.start, zone, 'start'),
      end: rewriteTime(changes.end?.to ?? present.end, zone, 'end'),
    }),
    ...(changes.guests && { attendees: changes.guests.to }),
  };
}

/** Whether the event is now as the changes wanted it. */
export function isApplied(changes: Changes, event: EventAnswer, zone: string): boolean {
  const now = event.attendees?.map(({ email }) => email.toLowerCase()) ?? [];
  const wanted = changes.guests?.to.map(({ email }) => email.toLowerCase()) ?? now;
  const pairs = [
    [changes.title, event.summary ?? ''],
    [changes.location, event.location ?? ''],
    [changes.description, event.description ?? ''],
    [changes.start, readStart(event, zone)],
    [changes.end, readEnd(event, zone)],
  ] as const;
  const sameTexts = pairs.every(([change, value]) => change === undefined || change.to === value);
  return sameTexts && [...now].sort().join('\n') === [...wanted].sort().join('\n');
}

export function showChanges(changes: Changes): PreviewField[] {
  const times = (change: Changes['start']) =>
    change && { from: describeWhen(change.from), to: describeWhen(change.to) };
  const guests = changes.guests && {
    from: changes.guests.from.map(describeGuest),
    to: changes.guests.to.map(describeGuest),
  };
  return [
    ...showChange('/changes/title', 'Title', changes.title),
    ...showChange('/changes/start', 'From', times(changes.start)),
    ...showChange('/changes/end', 'To', times(changes.end)),
    ...showChange('/changes/location', 'Place', changes.location),
    ...showListChange('/changes/guests', 'Guests', guests),
    ...showChange('/changes/description', 'Description', changes.description),
  ];
}
