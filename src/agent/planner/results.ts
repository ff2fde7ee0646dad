import { readProviderTime, type Local } from './clock.ts';
import { isRecord } from './read-context.ts';

export interface EventItem {
  readonly id: string;
  readonly title: string;
  readonly start: Local;
  readonly end: Local;
  readonly allDay: boolean;
  readonly location: string;
  readonly guests: readonly string[];
}

export interface MailItem {
  readonly id: string;
  readonly from: string;
  readonly subject: string;
  readonly date: string;
  readonly snippet: string;
}

/** Events of a `calendar_events_list` result, on the member's wall clock, earliest first. */
export function readEvents(data: unknown, timeZone: string): EventItem[] {
  return listOf(data, 'events')
    .map((event) => {
      const start = readProviderTime(textOf(event, 'start'), timeZone);
      return {
        id: textOf(event, 'id'),
        title: textOf(event, 'title') || '(no title)',
        start,
        end: readProviderTime(textOf(event, 'end'), timeZone) || start,
        allDay: event.allDay === true || start.length === 10,
        location: textOf(event, 'location'),
        guests: textsOf(event, 'guests'),
      };
    })
    .filter((event) => event.id !== '')
    .sort((one, other) => one.start.localeCompare(other.start));
}

/** Mails of a `gmail_messages_list` result, as Gmail orders them: newest first. */
export function readMails(data: unknown): MailItem[] {
  return listOf(data, 'messages')
    .map((mail) => ({
      id: textOf(mail, 'id'),
      from: textOf(mail, 'from'),
      subject: textOf(mail, 'subject') || '(no subject)',
      date: textOf(mail, 'date'),
      snippet: textOf(mail, 'snippet'),
    }))
    .filter((mail) => mail.id !== '');
}

/** The records under `key`, or none when the data is not shaped like that. */
export function listOf(data: unknown, key: string): Record<string, unknown>[] {
  const list = isRecord(data) ? data[key] : null;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

/** The text under `key`; numbers as text, anything else as an empty text. */
export function textOf(data: unknown, key: string): string {
  const value = isRecord(data) ? data[key] : null;
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The texts under `key`. */
export function textsOf(data: unknown, key: string): string[] {
  const value = isRecord(data) ? data[key] : null;
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** The bare address of a `From` header, lower case, or an empty text. */
export function addressOf(header: string): string {
  return (
    /<([^<>\s]+@[^<>\s]+)>/.exec(header)?.[1]?.toLowerCase() ??
    /[^<>\s,]+@[^<>\s,]+/.exec(header)?.[0].toLowerCase() ??
    ''
  );
}
