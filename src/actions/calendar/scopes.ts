/**
 * What a change of events needs: the events themselves, and who else can read the calendar, because the
 * policy asks about a calendar that others read.
 */
export const WRITE_SCOPES = [
  'https://www.googleapis.com/auth/calendar.events',
  'https://www.googleapis.com/auth/calendar.acls.readonly',
] as const;
