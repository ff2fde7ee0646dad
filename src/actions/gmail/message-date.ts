import { formatInstant } from '../zone.ts';
import { readHeader, type MessageAnswer } from './message.ts';

/** When Gmail took the message in, in the zone given; without that, what its sender claims. */
export function readDate(message: MessageAnswer, timeZone: string): string {
  const received = Number(message.internalDate);
  return Number.isFinite(received)
    ? formatInstant(new Date(received), timeZone)
    : readHeader(message, 'Date').slice(0, 60);
}
