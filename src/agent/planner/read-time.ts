import type * as Chrono from 'chrono-node';
import { addDays, addMinutes, toLocal, wallMs, weekdayOf, type Clock, type Local } from './clock.ts';
import { HIDDEN } from './mask.ts';

/** The part of chrono-node that is used; it is loaded on first use because loading takes 0.2 s. */
export type TimeReader = Pick<typeof Chrono, 'parse'>;

/** What a clause says about time. Each part is null when it was not said. */
export interface When {
  /** `YYYY-MM-DD` */
  readonly date: string | null;
  /** `HH:mm` */
  readonly time: string | null;
  readonly endDate: string | null;
  readonly endTime: string | null;
  /** "next week", "tomorrow morning": a span that is not an appointment. */
  readonly range: { readonly from: Local; readonly to: Local } | null;
  /** Minutes, from "for 45 minutes". */
  readonly duration: number | null;
  readonly allDay: boolean;
  /** The clause without the words about time. */
  readonly rest: string;
}

const PARTS: Record<string, [string, string]> = {
  morning: ['08:00', '12:00'],
  afternoon: ['12:00', '18:00'],
  evening: ['18:00', '22:00'],
  night: ['18:00', '23:00'],
};

/** Reads every word about time out of a clause, on the member's own wall clock. */
export function readWhen(clause: string, clock: Clock, reader: TimeReader): When {
  const lasting = takeDuration(clause);
  const allDay = /\b(?:all[- ]day|whole[- ]day|all day long)\b/i.test(lasting.rest);
  const spanned = takeRange(lasting.rest.replace(/\b(?:all[- ]day(?: long)?|whole[- ]day)\b/gi, ' '), clock);
  const read = readMoments(spelled(spanned.rest), clock, reader);
  const partRange = spanned.part ? partOfDay(spanned.part, read.date ?? clock.now.slice(0, 10)) : null;
  return {
    ...read,
    range: spanned.range ?? (read.time === null ? partRange : null),
    duration: lasting.minutes,
    allDay,
    rest: read.rest.replace(/\s+/g, ' ').trim(),
  };
}

function partOfDay(part: string, date: string): { from: Local; to: Local } {
  const [from, to] = PARTS[part] ?? ['00:00', '23:59'];
  return { from: `${date}T${from}`, to: `${date}T${to}` };
}

const UNITS = '(minutes?|mins?|m|hours?|hrs?|h)';
const AMOUNT = '(\\d{1,3}(?:\\.\\d)?|an?|half an|one|two|three|four|thirty|forty-five|fifteen)';
const WORDS: Record<string, number> = {
  a: 1, an: 1, 'half an': 0.5, one: 1, two: 2, three: 3, four: 4, fifteen: 15, thirty: 30, 'forty-five': 45,
}; // prettier-ignore

/** A length of time as minutes, or null: "45 minutes", "an hour and a half", "1h30", "half an hour". */
export function readMinutes(text: string): number | null {
  const match = new RegExp(
    `^\\s*${AMOUNT}\\s*${UNITS}(?:\\s*(?:and )?(a half|\\d{1,2})(?:\\s*m\\w*)?)?\\s*$`,
    'i',
  ).exec(text);
  if (!match) return null;
  const [, amount = '', unit = '', more] = match;
  const count = WORDS[amount.toLowerCase()] ?? Number(amount);
  const minutes = unit.toLowerCase().startsWith('h') ? count * 60 : count;
  return Math.round(minutes + (more === undefined ? 0 : more === 'a half' ? 30 : Number(more)));
}

function takeDuration(text: string): { minutes: number | null; rest: string } {
  const match = new RegExp(
    `\\b(?:for|lasting|lasts|,)\\s+(${AMOUNT}\\s*${UNITS}(?:\\s+and a half|\\s*\\d{2}\\b|\\s+and \\d{1,2}\\s*m\\w*)?)(?![\\w])`,
    'i',
  ).exec(text);
  const minutes = match ? readMinutes(match[1] ?? '') : null;
  if (!match || minutes === null) return takeLength(text);
  return { minutes, rest: `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}` };
}

/** "a 30 minute call", "an hour-long meeting" */
function takeLength(text: string): { minutes: number | null; rest: string } {
  const match =
    /(?<!\b(?:in|by|within|next|last|past)\s)\b(\d{1,3}|half an|half|an|one|two|three)[ -](minute|min|hour)s?(?:[ -]long)?(?:[ -](?=[a-z\uE000-\uF8FF])(?!later|earlier|from|ago|before|after)|\s*$)/i.exec(
      text,
    );
  const [, amount = '', unit = ''] = match ?? [];
  const minutes = match ? readMinutes(`${amount === 'half' ? 'half an' : amount} ${unit}`) : null;
  if (!match || minutes === null) return { minutes: null, rest: text };
  return { minutes, rest: `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}` };
}

function takeRange(text: string, clock: Clock) {
  const today = clock.now.slice(0, 10);
  const monday = addDays(today, 1 - weekdayOf(today));
  const month = (offset: number) => {
    const first = new Date(Date.UTC(Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1 + offset, 1));
    return first.toISOString().slice(0, 10);
  };
  const ranges: [RegExp, (match: RegExpExecArray) => [string, string]][] = [
    [/\b(?:this|my|the rest of the|the rest of this) week\b/i, () => [today, addDays(monday, 7)]],
    [
      /\bnext week\b(?!\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day)/i,
      () => [addDays(monday, 7), addDays(monday, 14)],
    ],
    [/\blast week\b/i, () => [addDays(monday, -7), monday]],
    [/\b(?:this|the|over the) weekend\b/i, () => [addDays(monday, 5), addDays(monday, 7)]],
    [/\bnext weekend\b/i, () => [addDays(monday, 12), addDays(monday, 14)]],
    [/\bthis month\b/i, () => [today, month(1)]],
    [/\bnext month\b/i, () => [month(1), month(2)]],
    [/\b(?:the )?(?:next|coming) (\d{1,2}) days\b/i, (match) => [today, addDays(today, Number(match[1]))]],
    [/\b(?:the )?(?:next|coming) (\d) weeks\b/i, (match) => [today, addDays(today, 7 * Number(match[1]))]],
  ];
  for (const [pattern, build] of ranges) {
    const match = pattern.exec(text);
    if (!match) continue;
    const [from, to] = build(match);
    const rest = cutOut(text, match.index, match[0].length, /\b(?:for|in|on|during|over)\s+$/i);
    return { range: { from: `${from}T00:00`, to: `${to}T00:00` }, part: null, rest };
  }
  const part =
    /(?<!in the )\b(?:(?:in|during) the )?(?:this )?(morning|afternoon|evening)\b|\bto(night)\b/i.exec(text);
  if (!part) return { range: null, part: null, rest: text };
  const name = (part[1] ?? part[2] ?? '').toLowerCase();
  // "tonight at 8" and "at 9 in the morning" are left to chrono: there the word only says which 8 is meant.
  if (/\d/.test(text) && /\b(?:at|from)\s+\d/i.test(text)) return { range: null, part: null, rest: text };
  return {
    range: null,
    part: name,
    rest: cutOut(text, part.index, part[0].length, /\b(?:in|during) the\s+$/i),
  };
}

/** Spellings chrono does not know, or reads otherwise than meant. */
function spelled(text: string): string {
  return text
    .replace(/\b(\d{1,2})\.(\d{1,2})\.(20\d\d)\b/g, (_, day: string, month: string, year: string) => {
      return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    })
    .replace(
      /(?<![\d:.])\b([01]?\d|2[0-3])h([0-5]\d)?(?!\w)/gi,
      (_, hour: string, minute?: string) => `${hour}:${minute ?? '00'}`,
    )
    .replace(/\bbetween\s+(\S+(?:\s?[ap]m)?)\s+and\s+(?=\d|noon)/gi, 'from $1 to ')
    .replace(
      /(?<![\d:/.-])(\d{1,2}(?::\d\d)?)\s?[-\u2013\u2014]\s?(\d{1,2}(?::\d\d)?)(?![\d:/.-]|\s*(?:days|people|min))/g,
      'from $1 to $2',
    )
    .replace(/\b(?:from )?from (?=\d)/gi, 'from ')
    .replace(/\blunch ?time\b/gi, 'noon');
}

function readMoments(text: string, clock: Clock, reader: TimeReader) {
  // Addresses, links, references and hidden parts keep their length but say nothing about time.
  const blank = new RegExp(`${HIDDEN}|\\S*[@#/]\\S*[a-z#@]\\S*|\\bQ[1-4]\\b`, 'gi');
  const seen = text.replace(blank, (word) => '_'.repeat(word.length));
  const reference = { instant: new Date(wallMs(clock.now)), timezone: 0 };
  const found = reader.parse(seen, reference, { forwardDate: !/\blast\b/i.test(seen) });
  let date: string | null = null;
  let time: string | null = null;
  let endDate: string | null = null;
  let endTime: string | null = null;
  const days: string[] = [];
  let rest = text;
  for (const result of [...found].reverse()) {
    const start = readMoment(result.start, result, clock);
    const end = result.end ? readMoment(result.end, result, clock) : null;
    if (start.date === null && start.time === null) continue;
    if (start.date !== null) [date, endDate] = [start.date, end?.date ?? null];
    if (start.time !== null) [time, endTime] = [start.time, end?.time ?? null];
    if (start.time === null && end === null) days.push(start.date ?? '');
    rest = cutOut(rest, result.index, result.text.length, /\b(?:at|on|for|from|by|in|this|until|till)\s+$/i);
  }
  // "on monday and tuesday" spans both.
  if (time === null && days.length === found.length && days.length > 1) {
    const [first = '', last = ''] = [days.at(-1), days[0]];
    [date, endDate] = [first, last < first ? addDays(last, 7) : last];
  }
  return { date, time, endDate, endTime, rest };
}

const ZONE = /\b(?:UTC|GMT|Z|[A-Z]{1,4}ST|[A-Z]{1,4}DT|[ECMP]T|CET|EET|WET|MSK)\b|[+-]\d\d:?\d\d$/;

function readMoment(moment: Chrono.ParsedComponents, result: Chrono.ParsedResult, clock: Clock) {
  const hasTime = moment.isCertain('hour');
  const hasDate = moment.isCertain('day') || moment.isCertain('weekday') || moment.isCertain('month');
  if (hasTime && ZONE.test(result.text)) return split(toLocal(moment.date(), clock.timeZone));
  if (
    hasTime &&
    /\b(?:in|within|from now|later)\b/i.test(result.text) &&
    /\b(?:hour|hr|min)/i.test(result.text)
  ) {
    const minutes = Math.round((moment.date().getTime() - result.refDate.getTime()) / 60_000);
    return split(addMinutes(clock.now, minutes, clock.timeZone));
  }
  const number = (part: Chrono.Component) => String(moment.get(part) ?? 0).padStart(2, '0');
  const hour = moment.get('hour') ?? 0;
  // "at 3" is the afternoon in an office, unless it was written "03:00" or "3am".
  const afternoon =
    hour >= 1 && hour <= 6 && !moment.isCertain('meridiem') && !/(?<![:\d])0\d/.test(result.text);
  return {
    date: hasDate ? `${number('year')}-${number('month')}-${number('day')}` : null,
    time: hasTime ? `${String(afternoon ? hour + 12 : hour).padStart(2, '0')}:${number('minute')}` : null,
  };
}

function split(local: Local) {
  return { date: local.slice(0, 10), time: local.slice(11) };
}

function cutOut(text: string, index: number, length: number, dangling: RegExp): string {
  return `${text.slice(0, index).replace(dangling, '')} ${text.slice(index + length)}`;
}
