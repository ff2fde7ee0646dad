import { tellDone } from './answer.ts';
import { addDays, addMinutes, saySpan, type Clock } from './clock.ts';
import { argsOf, capitalise, tidy, whenOf, type Grammar, type Scope } from './grammar.ts';
import { ADDRESS, HIDDEN } from './mask.ts';
import { addressesIn } from './people.ts';
import { ask, callTool, type Plan } from './plan.ts';
import type { When } from './read-time.ts';

const SURE = /^(?:schedule|book|plan|arrange|organi[sz]e|reserve|block(?: out| off)?|set ?up|meet)\b/i;
const MAYBE = /^(?:create|add|put|make|new|invite)\b/i;
const NOUN =
  /\b(?:event|meeting|appointment|calendar|call|lunch|dinner|breakfast|coffee|standup|sync|review|1:1)\b/i;
const OTHER_THINGS = /\b(?:issue|mail|e-?mail|draft|label|comment|repo|repository|ticket|bug)\b/i;

/** "schedule 'Design review' tomorrow 3pm-4pm with ben@acme.test, at Room 4", "book lunch on friday at noon" */
export const readInsert: Grammar = (clause, scope) => {
  const verb = SURE.exec(clause)?.[0] ?? MAYBE.exec(clause)?.[0];
  if (verb === undefined || OTHER_THINGS.test(clause)) return null;
  const when = whenOf(clause.slice(verb.length), scope);
  const isTimed = when.date !== null || when.time !== null || when.range !== null;
  if (!SURE.test(clause) && !NOUN.test(clause) && !isTimed) return null;
  if (REPEATS.test(clause)) return { reads: true, topic: {}, plan: sayNoRepeats };
  const parts = readParts(when.rest, scope);
  const title =
    parts.title ||
    (/^meet$/i.test(verb) || parts.guests.length > 0 ? 'Meeting' : /^block/i.test(verb) ? 'Blocked' : '');
  return {
    reads: false,
    topic: { ...(title ? { title } : {}), people: parts.guests },
    *plan(): Plan {
      const name = title || (yield* ask('eventTitle', [], (text) => text.trim() || null));
      const { start, end } = yield* settleTimes(when, scope);
      const label = `put “${name}” on your calendar for ${saySpan(start, end)}`;
      const { location, description, guests } = parts;
      const args = argsOf({ title: name, start, end, location, description, guests });
      const result = yield* callTool('calendar_events_insert', args, label);
      const sentence = `“${name}” is on ${saySpan(start, end)} (${scope.context.clock.timeZone})${location ? `, at ${location}` : ''}.`;
      return tellDone(label, result, { subject: name, sentence });
    },
  };
};

const REPEATS =
  /\bevery\s+(?:other\s+)?(?:day|week|month|year|weekday|morning|evening|mon|tues|wednes|thurs|fri|satur|sun)/i;

function* sayNoRepeats(): Plan {
  const text =
    'I cannot make repeating events, so I did nothing. Ask for one date, or make it in Google Calendar.';
  return { ok: false, text };
}

interface Parts {
  readonly title: string;
  readonly location?: string;
  readonly description?: string;
  readonly guests: readonly string[];
}

function readParts(said: string, scope: Scope): Parts {
  let rest = said.replace(/\b(?:to|on|in|into) (?:my|the|our) calendar\b/gi, ' ');
  const take = (pattern: RegExp): string | undefined => {
    const match = pattern.exec(rest);
    if (!match) return undefined;
    rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`;
    return tidy(match[1] ?? '', scope) || undefined;
  };
  const guests = addressesIn(rest);
  const list = `${ADDRESS}(?:\\s*(?:,|&|\\band\\b|,\\s*and)\\s*${ADDRESS})*`;
  rest = rest.replace(
    new RegExp(
      `(?:,?\\s*(?:and\\s+)?(?:with|invit(?:e|ing)|guests?:?|attendees?:?|including|for)\\s+)?${list}(?:\\s+to\\b(?!\\s+(?:discuss|talk|go|review|plan)\\b))?`,
      'gi',
    ),
    ' ',
  );
  const description = take(
    new RegExp(`\\b(?:description|notes?|saying|text|body|message)\\b\\s*:?\\s*(${HIDDEN})`, 'i'),
  );
  const named = take(
    new RegExp(
      `\\b(?:called|titled|named|title:?)\\s+(${HIDDEN}|[^,;]+?)(?=$|[,;]|\\s(?:at|in|with)\\s)`,
      'i',
    ),
  );
  const location = take(
    new RegExp(
      `,?\\s*\\b(?:at|in|location:?|where:)\\s+(${HIDDEN}|[^,;]+?)(?=\\s*(?:$|[,;]|\\bwith\\b|\\bto discuss\\b|\\babout\\b|\\bfor\\b))`,
      'i',
    ),
  );
  const quoted = named ?? take(new RegExp(`(${HIDDEN})`));
  const plain = rest
    .replace(
      /^[\s,]*(?:(?:a|an|the|my|some|new|quick|me|us|in|for|event|to|entry|time|calendar|:)\b\s*)*/i,
      '',
    )
    .replace(/\s+(?:with|and|at|on|in|for|from|to)?[\s,;.]*$/i, '');
  const title = quoted ?? capitalise(tidy(plain.replace(/\s+/g, ' '), scope));
  return {
    title,
    guests,
    ...(location === undefined ? {} : { location }),
    ...(description === undefined ? {} : { description }),
  };
}

/** Asks for the day and the time as far as they were not said. */
function* settleTimes(when: When, scope: Scope): Plan<{ start: string; end: string }> {
  const { clock } = scope.context;
  let known = when;
  if (known.date === null && known.time === null && known.range === null) {
    known = merge(known, yield* ask('when', [], (text) => usable(whenOf(text, scope))));
  }
  if (known.time === null && !known.allDay) {
    if (known.range) known = { ...known, date: known.date ?? known.range.from.slice(0, 10) };
    known = merge(known, yield* ask('startTime', [], (text) => timed(whenOf(text, scope))));
  }
  if (known.time !== null && !known.allDay) return appointment(known, clock);
  const day = known.date ?? clock.now.slice(0, 10);
  return { start: day, end: known.endDate ?? day };
}

/** Start and end of an appointment whose time is known; 60 minutes unless something else was said. */
function appointment(when: When, clock: Clock): { start: string; end: string } {
  const today = clock.now.slice(0, 10);
  const passed = when.date === null && `${today}T${when.time}` <= clock.now;
  const date = when.date ?? (passed ? addDays(today, 1) : today);
  const start = `${date}T${when.time}`;
  if (when.endTime === null) return { start, end: addMinutes(start, when.duration ?? 60, clock.timeZone) };
  const end = `${when.endDate ?? date}T${when.endTime}`;
  return { start, end: end > start ? end : addDays(end, 1) };
}

function usable(when: When): When | null {
  return when.date !== null || when.time !== null || when.range !== null ? when : null;
}

function timed(when: When): When | null {
  return when.time !== null || when.allDay ? when : null;
}

function merge(first: When, then: When): When {
  return {
    ...then,
    date: then.date ?? first.date,
    duration: then.duration ?? first.duration,
    allDay: then.allDay || first.allDay,
    range: then.range ?? first.range,
  };
}
