import type { JsonWebKey } from 'node:crypto';
import type { Store, Stored } from '../http/store.ts';
import type { Calendar, CalendarEvent } from './calendar-state.ts';
import type { Mailbox } from './mail-state.ts';

export interface Person {
  readonly email: string;
  readonly name: string;
  readonly sub: string;
  readonly timeZone: string;
  /** False for people who only have a mailbox and a calendar: they are not on the consent page. */
  readonly signsIn: boolean;
}

interface Code {
  readonly digest: string;
  readonly email: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly challenge: string | null;
  readonly nonce: string | null;
  readonly refreshable: boolean;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  used: boolean;
}

export interface Token {
  readonly digest: string;
  readonly kind: 'access' | 'refresh';
  readonly email: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch; null for a refresh token. */
  expiresAt: number | null;
}

export interface GoogleState extends Stored {
  readonly version: 1;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signingKey: JsonWebKey;
  revision: number;
  codes: Code[];
  tokens: Token[];
  /** Scopes each person has granted so far. */
  grants: Record<string, readonly string[]>;
  calendars: Calendar[];
  events: CalendarEvent[];
  mailboxes: Mailbox[];
}

/** What every part of the stand-in works on. */
export interface Google {
  readonly store: Store<GoogleState>;
  readonly now: () => Date;
}

export function nextRevision(state: GoogleState): number {
  state.revision += 1;
  return state.revision;
}
