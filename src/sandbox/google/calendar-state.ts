export interface CalendarTime {
  /** RFC 3339 instant in UTC; absent for an all-day time. */
  readonly instant?: string;
  /** `YYYY-MM-DD`, all day. */
  readonly date?: string;
  readonly timeZone?: string;
}

export interface Attendee {
  readonly email: string;
  readonly displayName?: string;
  readonly optional?: boolean;
  readonly responseStatus: string;
}

export interface CalendarEvent {
  readonly id: string;
  /** The organizer's calendar, where the event lives; guests see it on their primary calendar. */
  readonly calendarId: string;
  readonly creator: string;
  readonly created: string;
  readonly iCalUID: string;
  readonly recurringEventId?: string;
  readonly recurrence?: readonly string[];
  updated: string;
  /** Grows with every change in the whole world; the etag is made of it. */
  revision: number;
  sequence: number;
  status: 'confirmed' | 'tentative' | 'cancelled';
  start: CalendarTime;
  end: CalendarTime;
  attendees: readonly Attendee[];
  /** Fields that are kept as they were given: summary, description, location, visibility and the like. */
  fields: Readonly<Record<string, unknown>>;
  /** Guests who removed it from their own calendar. */
  hiddenFor: readonly string[];
}

export interface Calendar {
  readonly id: string;
  readonly summary: string;
  readonly timeZone: string;
  readonly acl: readonly {
    readonly role: string;
    readonly type: 'user' | 'domain';
    readonly value: string;
  }[];
}
