import { addDays, readProviderTime, sayDay, saySpan, type Clock } from './clock.ts';
import type { Ending, News, Result } from './plan.ts';
import { listOf, textOf, textsOf, type EventItem, type MailItem } from './results.ts';

/** Failures after which something may have happened all the same. */
const UNSURE = ['effect_unknown', 'unknown', 'executing'];

/** Says what did not happen and why, in the tool's own words. */
export function tellFailure(label: string, result: Result & { ok: false }): Ending {
  const opening = UNSURE.includes(result.code)
    ? `I cannot tell whether I did this: ${label}.`
    : `I did not ${label}.`;
  return { ok: false, text: `${opening} ${result.message}` };
}

/** Says that a change was made: the tool's summary, and where to look at it. */
export function tellDone(label: string, result: Result, news?: News): Ending {
  if (!result.ok) return tellFailure(label, result);
  const link = textOf(result.data, 'link');
  const text = [result.summary || `Done: ${label}.`, link].filter((line) => line !== '').join('\n');
  return { ok: true, text, ...(news ? { news: link ? { ...news, link } : news } : {}) };
}

export function tellEvents(events: readonly EventItem[], when: string, truncated: boolean): string {
  if (events.length === 0) return `Nothing on your calendar for ${when}.`;
  const lines = events.map((event) => `• ${sayEvent(event)}`);
  return [
    `On your calendar for ${when}:`,
    ...lines,
    ...(truncated ? ['There are more; ask for fewer days.'] : []),
  ].join('\n');
}

/** "Tue 3 Nov, 15:00–16:00: Design review (Room 4; with ben@acme.test)" */
export function sayEvent(event: EventItem): string {
  const guests = event.guests.length > 0 ? `with ${event.guests.slice(0, 5).join(', ')}` : '';
  const more = event.guests.length > 5 ? `${guests} and ${event.guests.length - 5} more` : guests;
  const extras = [event.location, more].filter((one) => one !== '').join('; ');
  return `${saySpan(event.start, event.end)}: ${shorten(event.title, 120)}${extras ? ` (${extras})` : ''}`;
}

export function tellMails(mails: readonly MailItem[], what: string): string {
  if (mails.length === 0) return `No ${what}.`;
  return [
    `${mails.length === 1 ? '1 result' : `${mails.length} results`}, ${what}:`,
    ...mails.map((mail) => `• ${sayMail(mail)}`),
  ].join('\n');
}

/** "Priya Nair <priya@acme.test>: Q4 plan (3 Nov) – first words" */
export function sayMail(mail: MailItem): string {
  const snippet = mail.snippet ? ` – ${shorten(mail.snippet, 100)}` : '';
  return `${mail.from}: ${shorten(mail.subject, 120)}${mail.date ? ` (${mail.date})` : ''}${snippet}`;
}

/** A whole mail, its text quoted line by line so that it cannot be taken for an answer of ours. */
export function tellMail(data: unknown): string {
  const head = (['from', 'to', 'cc', 'date', 'subject'] as const)
    .map((key) => [key, textsOf(data, key).join(', ') || textOf(data, key)] as const)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key.charAt(0).toUpperCase()}${key.slice(1)}: ${value}`);
  const text = textOf(data, 'text').trim() || '(no text)';
  const cut = (data as { truncated?: unknown } | null)?.truncated === true ? ['(the rest was left out)'] : [];
  return [...head, ...quote(text), ...cut].join('\n');
}

export function tellBusy(
  data: unknown,
  span: string,
  people: string,
  wantsSlots: boolean,
  clock: Clock,
): string {
  const say = (slot: Record<string, unknown>) =>
    saySpan(
      readProviderTime(textOf(slot, 'start'), clock.timeZone),
      readProviderTime(textOf(slot, 'end'), clock.timeZone),
    );
  const busy = listOf(data, 'busy').map((slot) => `• ${say(slot)}: ${textOf(slot, 'person') || 'busy'}`);
  const free = listOf(data, 'free').map((slot) => `• ${say(slot)}`);
  if (wantsSlots && busy.length > 0) {
    return free.length > 0
      ? [`Free (${people}), ${span}:`, ...free].join('\n')
      : [`No free time (${people}), ${span}. Busy:`, ...busy].join('\n');
  }
  return busy.length === 0
    ? `Free (${people}): nothing is booked, ${span}.`
    : [`Not free (${people}), ${span}. Busy:`, ...busy].join('\n');
}

export function tellRepositories(data: unknown): string {
  const lines = listOf(data, 'repositories').map((one) => {
    const description = textOf(one, 'description');
    return `• ${textOf(one, 'fullName')} (${textOf(one, 'visibility')}, ${textOf(one, 'openIssues') || '0'} open issues)${description ? `: ${shorten(description, 120)}` : ''}`;
  });
  return lines.length > 0
    ? ['Your repositories:', ...lines].join('\n')
    : 'You have no repositories that I can see.';
}

export function tellIssues(data: unknown, what: string): string {
  const lines = listOf(data, 'issues').map((one) => {
    const labels = textsOf(one, 'labels');
    return `• #${textOf(one, 'number')} ${shorten(textOf(one, 'title'), 120)}${labels.length > 0 ? ` [${labels.join(', ')}]` : ''} (${textOf(one, 'state')}, by ${textOf(one, 'author')})`;
  });
  return lines.length > 0 ? [`${what}:`, ...lines].join('\n') : `${what}: none.`;
}

export function tellIssue(data: unknown, repository: string): string {
  const labels = textsOf(data, 'labels');
  const comments = listOf(data, 'comments').slice(-10);
  return [
    `${repository}#${textOf(data, 'number')}: ${textOf(data, 'title')} (${textOf(data, 'state')}${labels.length > 0 ? `; ${labels.join(', ')}` : ''})`,
    `By ${textOf(data, 'author')}`,
    ...quote(textOf(data, 'body').trim() || '(no description)'),
    ...comments.flatMap((one) => [`${textOf(one, 'author')} commented:`, ...quote(textOf(one, 'body'))]),
    textOf(data, 'link'),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** "today (Tue 3 Nov)", "Wed 4 Nov" or "Mon 9 Nov to Sun 15 Nov"; times when they are not whole days. */
export function saySpanOfDays(from: string, to: string, clock: Clock): string {
  if (!from.endsWith('T00:00') || !to.endsWith('T00:00')) return saySpan(from, to);
  const last = saySpan(from.slice(0, 10), addDays(to.slice(0, 10), -1))
    .replace(', all day', '')
    .replace(' – ', ' to ');
  return last === sayDay(clock.now) ? `today (${last})` : last;
}

function quote(text: string): string[] {
  return text.split('\n').map((line) => `> ${line}`);
}

function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
