import { refuseArguments } from '../arguments.ts';
import { addDays, isWholeDay, resolveWhen, type When } from '../when.ts';
import { formatInstant } from '../zone.ts';

/** From when to when an event lasts; for whole days `end` is the last day. */
export interface Span {
  readonly start: When;
  readonly end: When;
}

/**
 * Makes both ends absolute.
 * @throws DeskError `arguments_invalid` when the end is not after the start, or only one of them is a whole day
 */
export function resolveSpan(action: string, start: string, end: string, zone: string): Span {
  return checkSpan(action, {
    start: resolveWhen(action, 'start', start, zone),
    end: resolveWhen(action, 'end', end, zone),
  });
}

/**
 * The new span when only some of it is given. A new start alone keeps the length of the event.
 * @param present the event as it is
 */
export function moveSpan(
  action: string,
  given: { readonly start?: string | undefined; readonly end?: string | undefined },
  present: Span,
  zone: string,
): Span {
  const start = given.start === undefined ? present.start : resolveWhen(action, 'start', given.start, zone);
  if (given.end !== undefined) {
    return checkSpan(action, { start, end: resolveWhen(action, 'end', given.end, zone) });
  }
  if (isWholeDay(start) !== isWholeDay(present.start)) {
    throw refuseArguments(action, 'give start and end together to change between a whole day and a time');
  }
  const length = Date.parse(present.end) - Date.parse(present.start);
  if (isWholeDay(start)) return { start, end: addDays(start, Math.round(length / 86_400_000)) };
  return { start, end: formatInstant(new Date(Date.parse(start) + length), zone) };
}

function checkSpan(action: string, span: Span): Span {
  if (isWholeDay(span.start) !== isWholeDay(span.end)) {
    throw refuseArguments(action, 'start and end must both be days or both be times');
  }
  const length = Date.parse(span.end) - Date.parse(span.start);
  if (length < 0 || (length === 0 && !isWholeDay(span.start)))
    throw refuseArguments(action, 'end must be after start');
  return span;
}
