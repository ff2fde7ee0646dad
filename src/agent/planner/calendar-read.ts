import { saySpanOfDays, tellBusy, tellEvents, tellFailure } from './answer.ts';
import { fitsWords } from './choose.ts';
import { addDays, addMinutes, saySpan, type Clock, type Local } from './clock.ts';
import { argsOf, tidy, whenOf, type Grammar, type Scope } from './grammar.ts';
import { findAddresses, readPeople } from './people.ts';
import { callTool, type Plan } from './plan.ts';
import type { When } from './read-time.ts';
import { readEvents } from './results.ts';

const OPENING =
  /^(?:what|which|show|list|do|did|have|any|see|give|check|when|how|is|are|am|look|view|get|my|display|find|search|who|today|tomorrow|calendar|agenda|meetings|events|upcoming|next)/i;
const ABOUT_CALENDAR = /\b(?:calendar|schedule|agenda|meetings?|events?|appointments?|diary)\b/i;
// Matched against the clause without its words about time: "what's on", "do I have anything", "how is my day".
const ABOUT_DAY =
  /^(?:what(?:'?s| is| do i have| have i got| am i doing| did i do| was i doing| are my plans)(?: on| up| happening| planned| going on| next| coming up| there| to do)*|(?:how(?:'?s| is| does)|what(?:'s| is| does)) (?:my )?(?:day|week)?(?: ?look(?:ing|s)?(?: like)?| like)?|(?:do|have) i (?:have|got) (?:anything|something|any plans|plans)(?: on| planned| scheduled)?|anything (?:on|planned|happening)|when(?:'s| is| are) .+)$/i;
const OTHER_THINGS = /\b(?:mails?|e-?mails?|inbox|messages?|issues?|repos?|repositor(?:y|ies)|drafts?)\b/i;

/** "what's on my calendar tomorrow", "do I have a meeting with Ben on friday", "when is the standup" */
export const readCalendarQuestion: Grammar = (clause, scope) => {
  if (!OPENING.test(clause) || OTHER_THINGS.test(clause)) return null;
  const when = whenOf(clause, scope);
  const said = when.date !== null || when.time !== null || when.range !== null;
  const asksDay = ABOUT_DAY.test(when.rest) && (said || /\bmy day\b|\bnext$|coming up$|^when/i.test(clause));
  if (!ABOUT_CALENDAR.test(clause) && !asksDay) return null;
  const { clock } = scope.context;
  const words = subjectWords(when.rest, scope);
  const next =
    /\b(?:next (?:meeting|event|appointment|call)|what(?:'?s| is)(?: up| coming up)? next)\b/i.test(clause);
  const span = spanOf(when, words !== '' || next, clock);
  return {
    reads: true,
    topic: {},
    *plan(): Plan {
      const from = next && !said ? clock.now : span.from;
      const label = 'look at your calendar';
      const result = yield* callTool('calendar_events_list', { from, to: span.to }, label);
      if (!result.ok) return tellFailure(label, result);
      const events = readEvents(result.data, clock.timeZone);
      const fitting =
        words === ''
          ? events
          : events.filter((event) => fitsWords(`${event.title} ${event.guests.join(' ')}`, words));
      const shown = next ? fitting.filter((event) => event.start > clock.now).slice(0, 1) : fitting;
      const what = `${saySpanOfDays(span.from, span.to, clock)}${words === '' ? '' : ` about “${words}”`}`;
      const truncated = (result.data as { truncated?: unknown }).truncated === true;
      return { ok: true, text: tellEvents(shown, what, truncated && !next) };
    },
  };
};

/** The words that narrow the question down: "with Ben", "about the review", "when is the standup". */
function subjectWords(rest: string, scope: Scope): string {
  const named =
    /\b(?:with|about|called|named|titled|for)\s+(?!me\b|today\b)(.+)$/i.exec(rest)?.[1] ??
    /^when(?:'s| is| are)\s+(.+)$/i.exec(rest)?.[1] ??
    '';
  return tidy(
    named.replace(
      /\b(?:my|the|our|a|next|meetings?|events?|appointments?|calendar|schedule|on|in|at|scheduled|happening)\b/gi,
      ' ',
    ),
    scope,
  ).replace(/\s+/g, ' ');
}

function spanOf(when: When, isSearch: boolean, clock: Clock): { from: Local; to: Local } {
  const today = clock.now.slice(0, 10);
  if (when.range) return when.range;
  if (when.time !== null) {
    const from = `${when.date ?? today}T${when.time}`;
    const to = when.endTime ? `${when.endDate ?? when.date ?? today}T${when.endTime}` : from;
    return { from, to: to > from ? to : addMinutes(from, when.duration ?? 60, clock.timeZone) };
  }
  const from = when.date ?? today;
  const last = when.endDate ?? (when.date === null && isSearch ? addDays(today, 13) : from);
  return { from: `${from}T00:00`, to: `${addDays(last, 1)}T00:00` };
}

const FREE =
  /\b(?:free|available|availability|busy|open slots?|free slots?|(?:find|suggest) (?:a|some) (?:time|slot)s?|have (?:any )?time|when can (?:i|we) meet)\b/i;

/** "am I free tomorrow at 3pm", "when are ben@acme.test and I free on thursday", "is Ben busy at noon" */
export const readFreeQuestion: Grammar = (clause, scope) => {
  if (
    !FREE.test(clause) ||
    !/^(?:am|are|is|when|what|will|do|does|find|show|check|suggest|who|how|my|get|list)\b/i.test(clause)
  ) {
    return null;
  }
  if (OTHER_THINGS.test(clause)) return null;
  const { clock, member } = scope.context;
  const when = whenOf(clause, scope);
  const whole = when.time === null && when.range === null;
  const day = spanOf(when, false, clock);
  // A question about a day means its working hours: nobody asks for a slot at four in the morning.
  const span = whole
    ? { from: day.from.replace('T00:00', 'T09:00'), to: `${addDays(day.to, -1).slice(0, 10)}T18:00` }
    : day;
  const named = readPeople(
    when.rest.replace(
      /\b(?:free|slots?|open|time|find|suggest|show|check|do|does|have|will|some|calendar|availability|how|get|list|meet|can)\b|^i\b/gi,
      ' ',
    ),
    { name: '', email: null },
  );
  const own = named.length === 0 || /\b(?:i|me|we|us|my|our)\b/i.test(when.rest);
  return {
    reads: true,
    topic: {},
    *plan(): Plan {
      const found = yield* findAddresses(named);
      if ('ending' in found) return found.ending;
      const people =
        named.length === 0
          ? []
          : [...new Set([...(own && member.email ? [member.email] : []), ...found.addresses])];
      const label = 'look up free times';
      const result = yield* callTool('calendar_freebusy_query', argsOf({ ...span, people }), label);
      if (!result.ok) return tellFailure(label, result);
      const who = [...(own ? ['you'] : []), ...found.addresses].join(', ');
      return {
        ok: true,
        text: tellBusy(result.data, saySpan(span.from, span.to), who, whole || when.range !== null, clock),
      };
    },
  };
};
