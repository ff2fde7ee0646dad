import type { Person } from './state.ts';

/** The people of the sandbox: three who sign in, and one who only receives. */
export const PEOPLE: readonly Person[] = [
  {
    email: 'ada@acme.test',
    name: 'Ada',
    sub: '110000000000000000001',
    timeZone: 'Europe/Berlin',
    signsIn: true,
  },
  {
    email: 'ben@acme.test',
    name: 'Ben',
    sub: '110000000000000000002',
    timeZone: 'America/New_York',
    signsIn: true,
  },
  {
    email: 'gus@guest.test',
    name: 'Gus',
    sub: '110000000000000000003',
    timeZone: 'Europe/London',
    signsIn: true,
  },
  {
    email: 'priya@acme.test',
    name: 'Priya',
    sub: '110000000000000000004',
    timeZone: 'Europe/Berlin',
    signsIn: false,
  },
];

export function findPerson(email: string): Person | null {
  const wanted = email.trim().toLowerCase();
  return PEOPLE.find((person) => person.email === wanted) ?? null;
}

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}
