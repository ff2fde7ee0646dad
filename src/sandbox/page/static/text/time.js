const formats = new Map();

function format(tz, options) {
  const key = `${tz} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat('en-GB', { timeZone: tz, ...options }));
  return formats.get(key);
}

export const timeOf = (date, tz) => format(tz, { hour: '2-digit', minute: '2-digit' }).format(date);
export const dayOf = (date, tz) =>
  format(tz, { weekday: 'short', day: 'numeric', month: 'short' }).format(date);
export const isSameDay = (a, b, tz) =>
  format(tz, { dateStyle: 'short' }).format(a) === format(tz, { dateStyle: 'short' }).format(b);

/** The time alone today, else with its day. */
export function shortMoment(date, tz) {
  const time = timeOf(date, tz);
  return isSameDay(date, new Date(), tz) ? time : `${dayOf(date, tz)}, ${time}`;
}

/** The time today, else the day alone. */
export function shortDay(date, tz) {
  return isSameDay(date, new Date(), tz) ? timeOf(date, tz) : dayOf(date, tz);
}

/** Day and time with the zone's name, for tooltips. */
export function longMoment(date, tz) {
  return format(tz, { dateStyle: 'full', timeStyle: 'long' }).format(date);
}

const TOKENS = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  day_divider: { weekday: 'long', month: 'long', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
};

/**
 * Slack's date templates: `{date_short_pretty} at {time}` in the reader's zone; `_pretty` says today,
 * yesterday and tomorrow (docs.slack.dev, formatting message text).
 * @param {number} seconds since 1970
 */
export function slackDate(seconds, template, tz) {
  const date = new Date(seconds * 1000);
  return template.replaceAll(/\{(\w+?)(_pretty)?\}/g, (token, name, pretty) => {
    if (name === 'ago') return ago(seconds);
    if (!(name in TOKENS)) return token;
    return (pretty !== undefined && nearDay(date, tz)) || format(tz, TOKENS[name]).format(date);
  });
}

function nearDay(date, tz) {
  const days = [
    [0, 'today'],
    [-1, 'yesterday'],
    [1, 'tomorrow'],
  ];
  return days.find(([offset]) => isSameDay(date, new Date(Date.now() + offset * 86_400_000), tz))?.[1];
}

function ago(seconds) {
  const minutes = Math.round((seconds * 1000 - Date.now()) / 60_000);
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return words.format(minutes, 'minute');
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), 'hour');
  return words.format(Math.round(minutes / 1440), 'day');
}

/** The value of a `datetime-local` field for a moment, on the clock of that zone. */
export function toLocalField(seconds, tz) {
  return format(tz, { ...TOKENS.date_num, ...TOKENS.time_secs, hourCycle: 'h23' })
    .formatToParts(new Date(seconds * 1000))
    .reduce(
      (text, { type, value }) => text.replace(`<${type}>`, value),
      '<year>-<month>-<day>T<hour>:<minute>',
    );
}

/** The moment (seconds since 1970) at which clocks of that zone show a `datetime-local` value. */
export function fromLocalField(value, tz) {
  const wanted = Date.parse(`${value}Z`) / 1000;
  // The zone's offset is looked up at the guess, then once more at the corrected guess (clock changes).
  const offsetAt = (seconds) => Date.parse(`${toLocalField(seconds, tz)}Z`) / 1000 - seconds;
  const guess = wanted - offsetAt(wanted);
  return wanted - offsetAt(guess);
}
