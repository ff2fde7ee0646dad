import type { CalendarEvent, GoogleWorld, Mail, Member, Repository, Worlds } from './worlds.ts';

/** Calendars that are nobody's own have an address in this domain at Google. */
const SHARED_CALENDAR = '@group.calendar.google.com';

/**
 * The outside world as the page shows it to one member: the mailbox at their address, their calendar and
 * those that several share, and every repository.
 */
export function buildOutside({ google, github }: Pick<Worlds, 'google' | 'github'>, me: Member): object {
  const mailbox = google.mailboxes().find(({ email }) => email === me.email);
  return {
    mail: mailbox === undefined ? null : sortMailbox(mailbox),
    events: listEvents(google, me),
    repositories: github.repositories().map(sortIssues),
  };
}

function sortMailbox({ messages, drafts }: ReturnType<GoogleWorld['mailboxes']>[number]): object {
  const newest = messages.toSorted(byNewest);
  return {
    inbox: newest.filter(({ labels }) => labels.includes('INBOX')),
    sent: newest.filter(({ labels }) => labels.includes('SENT')),
    drafts: drafts.toSorted(byNewest),
  };
}

/** The member's events in the order they start; one in several calendars is told once. Null without a calendar. */
function listEvents(google: GoogleWorld, me: Member): object[] | null {
  const calendars = google.calendars();
  const own = calendars.find(({ email }) => email === me.email);
  if (own === undefined) return null;
  const shared = calendars.filter(({ email }) => email.endsWith(SHARED_CALENDAR));
  const events = new Map<string, CalendarEvent & { shared: string | null }>();
  for (const event of own.events) events.set(event.id, { ...event, shared: null });
  for (const { email, events: theirs } of shared) {
    for (const event of theirs) if (!events.has(event.id)) events.set(event.id, { ...event, shared: email });
  }
  return [...events.values()].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}

function sortIssues(repository: Repository): Repository {
  return { ...repository, issues: repository.issues.toSorted((a, b) => b.number - a.number) };
}

function byNewest(a: Mail, b: Mail): number {
  return Date.parse(b.date) - Date.parse(a.date);
}
