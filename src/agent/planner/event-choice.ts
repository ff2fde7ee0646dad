import { sayEvent, saySpanOfDays, tellFailure } from './answer.ts';
import { fitsWords, numberLines, pickFrom } from './choose.ts';
import { addDays, type Local } from './clock.ts';
import { tidy, whenOf, type Scope } from './grammar.ts';
import { ask, probeTool, type Ending, type Plan } from './plan.ts';
import { readEvents, type EventItem } from './results.ts';

/** Which event is meant, before the calendar was looked at. */
interface EventChoice {
  /** `HH:mm`, when "my 3pm" was said. */
  readonly time: string | null;
  /** Whether a day was named. */
  readonly dated: boolean;
  readonly from: Local;
  readonly to: Local;
  /** Words of its title or of a guest's address; may be empty. */
  readonly words: string;
  /** "my next meeting" */
  readonly next: boolean;
}

const GENERIC =
  /(?<![-\w])(?:my|the|our|this|that|an?|one|meetings?|events?|appointments?|calendar|entry|entries|slot|at|on|in|from|for|of|with|called|named|titled|'s|next|all|scheduled|i have)(?![-\w])/gi;

/** Reads "my 3pm", "the 'Lunch' event on friday", "tomorrow's standup", "my next meeting". */
export function readEventChoice(words: string, scope: Scope): EventChoice {
  const { clock } = scope.context;
  const when = whenOf(words.replace(/(\w)'s\b/g, '$1'), scope);
  const today = clock.now.slice(0, 10);
  const span = when.range ?? {
    from: `${when.date ?? today}T00:00`,
    to: `${addDays(when.endDate ?? when.date ?? today, when.date === null && when.time === null ? 14 : 1)}T00:00`,
  };
  // "call" says nothing about "my 3pm call", but it may be the name of an event that has no time.
  const generic = when.time === null ? when.rest : when.rest.replace(/\b(?:call|chat|sync)\b/gi, ' ');
  return {
    time: when.time,
    dated: when.date !== null || when.range !== null,
    ...span,
    words: tidy(generic.replace(GENERIC, ' ').replace(/\s+/g, ' '), scope),
    next: /\bnext (?:meeting|event|appointment|call)\b/i.test(words),
  };
}

/** Looks the event up; asks when several fit, and ends the request when none does. */
export function* chooseEvent(
  choice: EventChoice,
  scope: Scope,
): Plan<{ event: EventItem } | { ending: Ending }> {
  const { clock } = scope.context;
  const label = 'look at your calendar';
  const found = yield* probeTool('calendar_events_list', { from: choice.from, to: choice.to }, label);
  if (!found.ok) return { ending: tellFailure(label, found) };
  const events = readEvents(found.data, clock.timeZone);
  const fitting = events.filter((event) => isMeant(event, choice));
  const candidates = choice.next ? fitting.filter((event) => event.start > clock.now).slice(0, 1) : fitting;
  const [first] = candidates;
  if (first === undefined) return { ending: { ok: false, text: sayNone(choice, events, scope) } };
  if (candidates.length === 1) return { event: first };
  const lines = [`${candidates.length} events fit:`, ...numberLines(candidates.map(sayEvent))];
  const event = yield* ask('event', lines, (text) =>
    pickFrom(candidates, text, (one, words) => isMeant(one, readEventChoice(words, scope))),
  );
  return { event };
}

function isMeant(event: EventItem, choice: EventChoice): boolean {
  if (choice.time !== null && event.start.slice(11) !== choice.time) return false;
  if (choice.dated && (event.start >= choice.to || event.start < choice.from.slice(0, 10))) return false;
  return fitsWords(`${event.title} ${event.guests.join(' ')} ${event.location}`, choice.words);
}

function sayNone(choice: EventChoice, events: readonly EventItem[], scope: Scope): string {
  const what = choice.words ? ` “${choice.words}”` : '';
  const at = choice.time ? ` at ${choice.time}` : '';
  const span = saySpanOfDays(choice.from, choice.to, scope.context.clock);
  const none = `I found no event${what}${at} on your calendar for ${span}, so I changed nothing.`;
  if (events.length === 0) return none;
  return [none, 'What is there:', ...events.slice(0, 10).map((event) => `• ${sayEvent(event)}`)].join('\n');
}
