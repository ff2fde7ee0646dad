import type { BaseMessage } from '../langchain.ts';
import { createClock, type Clock } from './clock.ts';

export interface Member {
  readonly name: string;
  readonly email: string | null;
}

export interface Context {
  readonly clock: Clock;
  readonly member: Member;
}

/**
 * Reads the `Context: {…}` line of the first system message. Nothing else in it is looked at. What is missing
 * or unusable falls back to the given clock, UTC and a nameless member, so that a request is still understood.
 *
 * `now` there must be the start of the turn: a step after a long approval must still mean the same "tomorrow".
 *
 * @param now the clock, for when no time is told
 */
export function readContext(messages: readonly BaseMessage[], now: Date): Context {
  const system = messages.find((message) => message.type === 'system');
  const line = system?.text.split('\n').find((one) => one.trimStart().startsWith('Context:'));
  const facts = parseObject(line?.slice(line.indexOf(':') + 1) ?? '');
  const member = isRecord(facts.member) ? facts.member : {};
  const told = typeof facts.now === 'string' ? new Date(facts.now) : now;
  return {
    clock: createClock(
      Number.isNaN(told.getTime()) ? now : told,
      knownZone(typeof facts.timeZone === 'string' ? facts.timeZone : ''),
    ),
    member: {
      name: typeof member.name === 'string' ? member.name : '',
      email: typeof member.email === 'string' && member.email.includes('@') ? member.email : null,
    },
  };
}

/** A JSON object from text, or an empty one when it is none. */
export function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** A plain JSON object (no array, no null). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return 'UTC';
    throw error;
  }
}
