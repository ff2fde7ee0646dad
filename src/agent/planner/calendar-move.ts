import { tellDone } from './answer.ts';
import { addDays, addMinutes, saySpan, toInstant, wallMs, weekdayOf, type Clock } from './clock.ts';
import { chooseEvent, readEventChoice } from './event-choice.ts';
import { argsOf, whenOf, type Grammar, type Scope } from './grammar.ts';
import { ask, callTool, type Plan } from './plan.ts';
import { readMinutes, type When } from './read-time.ts';
import type { EventItem } from './results.ts';

const MOVE =
  /^(?:move|reschedule|shift|push|postpone|delay|bring|change|extend|shorten)\b(?:\s+(?:back|forward|out))?\s*(?:the (?:time|start) of\s+)?(.*)$/is;
const OTHER_THINGS = /#\d|\b(?:issue|mail|e-?mail|draft|label|title|name|location|room)\b/i;

/** "move my 3pm to tomorrow at 4pm", "postpone the standup by 30 minutes", "reschedule lunch to friday" */
export const readMove: Grammar = (clause, scope) => {
  const said = MOVE.exec(clause)?.[1];
  if (said === undefined || OTHER_THINGS.test(clause)) return null;
  const { left, target } = readTarget(clause, said, scope);
  const choice = readEventChoice(left, scope);
  return {
    reads: false,
    topic: {},
    *plan(): Plan {
      const found = yield* chooseEvent(choice, scope);
      if ('ending' in found) return found.ending;
      const { event } = found;
      const { clock } = scope.context;
      const lines = [`“${event.title}” is on ${saySpan(event.start, event.end)}.`];
      const times =
        placeAt(event, target, clock) ??
        (yield* ask('newTime', lines, (text) => placeAt(event, { when: whenOf(text, scope) }, clock)));
      const span = saySpan(times.start ?? event.start, times.end);
      const label = `move “${event.title}” to ${span}`;
      const result = yield* callTool('calendar_events_patch', argsOf({ event: event.id, ...times }), label);
      const sentence = `“${event.title}” is now on ${span} (${clock.timeZone}).`;
      return tellDone(label, result, { subject: `New time: ${event.title}`, sentence });
    },
  };
};

/** Where to: a time, or minutes to add (to the start, or to the end alone). */
type Target = { readonly when: When } | { readonly minutes: number; readonly what: 'both' | 'end' } | null;

const SHIFT_BY = /^(.+)\s+by\s+(.+?)(?:\s+(later|earlier|back|forward))?$/i;
const SHIFT_LATER =
  /^(.+?)\s+((?:half an|an?|one|two|three|four|thirty|fifteen|\d[\d.]*)\s+\w+(?:\s+and a half)?)\s+(later|earlier|back|forward)$/i;

function readTarget(clause: string, said: string, scope: Scope): { left: string; target: Target } {
  const shift = SHIFT_BY.exec(said) ?? SHIFT_LATER.exec(said);
  const minutes = readMinutes(shift?.[2] ?? '');
  if (shift && minutes !== null) {
    const left = (shift[1] ?? '').replace(/\s+(?:forward|back|out)$/i, '');
    const isSooner =
      /^(?:earlier|forward)$/i.test(shift[3] ?? '') ||
      /^(?:bring|shorten|move .+ forward by|move forward)\b/i.test(clause);
    const what = /^(?:extend|shorten)\b/i.test(clause) ? 'end' : 'both';
    return { left, target: { minutes: isSooner ? -minutes : minutes, what } };
  }
  for (const match of said.matchAll(/\s+(?:to|until|till|for)\s+/gi)) {
    const when = whenOf(said.slice(match.index + match[0].length), scope);
    const isTime = when.date !== null || when.time !== null || when.range !== null;
    if (isTime && /^[\s,.]*(?:at|on|in|instead)?[\s,.]*$/i.test(when.rest)) {
      return { left: said.slice(0, match.index), target: { when } };
    }
  }
  return { left: said, target: null };
}

/** The new start and end, or null when the target does not say enough. The length stays unless it was named. */
function placeAt(event: EventItem, target: Target, clock: Clock): { start?: string; end: string } | null {
  if (target === null) return null;
  if ('minutes' in target) return shiftBy(event, target.minutes, target.what, clock);
  const { when } = target;
  const day = when.date ?? dayInRange(event, when);
  if (day === null && when.time === null) return null;
  const date = day ?? event.start.slice(0, 10);
  if (event.allDay && when.time === null) {
    const days = Math.max(0, Math.round((wallMs(event.end) - wallMs(event.start)) / 86_400_000));
    return { start: date, end: addDays(date, days) };
  }
  const start = `${date}T${when.time ?? event.start.slice(11)}`;
  if (when.endTime !== null) return { start, end: `${when.endDate ?? date}T${when.endTime}` };
  return { start, end: addMinutes(start, when.duration ?? lengthOf(event, clock), clock.timeZone) };
}

function shiftBy(event: EventItem, minutes: number, what: 'both' | 'end', clock: Clock) {
  if (event.allDay) return null;
  const end = addMinutes(event.end, minutes, clock.timeZone);
  if (what === 'end') return end > event.start ? { end } : null;
  return { start: addMinutes(event.start, minutes, clock.timeZone), end };
}

/** "next week" keeps the weekday; a part of a day ("tomorrow afternoon") is not a time to move to. */
function dayInRange(event: EventItem, when: When): string | null {
  if (!when.range?.from.endsWith('T00:00') || weekdayOf(when.range.from) !== 1) return null;
  return addDays(when.range.from.slice(0, 10), weekdayOf(event.start) - 1);
}

function lengthOf(event: EventItem, clock: Clock): number {
  if (event.allDay) return 60;
  const [start, end] = [toInstant(event.start, clock.timeZone), toInstant(event.end, clock.timeZone)];
  return Math.max(5, Math.round((end.getTime() - start.getTime()) / 60_000));
}
