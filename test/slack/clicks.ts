import { expect } from 'vitest';
import type { createProposer } from './people.ts';
import { attempt, eventually, statusOf, type Asked } from './people.ts';
import { startWholeDesk, type WholeDesk } from './whole-desk.ts';

export type Json = Record<string, unknown>;

/** What decides, and what only opens a form for a decision. */
export const DECISIONS = ['approve', 'deny'] as const;
export const GATED = [...DECISIONS, 'deny_with_reason', 'edit'] as const;

/** The core of decisions records its own refusals; what only opens a form is refused at the door. */
export function refusedBy(action: string, door: 'always' | 'forms' = 'forms'): string {
  const isDecision = DECISIONS.some((one) => one === action);
  return door === 'forms' && isDecision ? 'approval.refused' : 'access.refused';
}

/** A desk whose members Ben and Ada have their mail connected. */
export async function enter(model: ReturnType<typeof createProposer>): Promise<WholeDesk> {
  const desk = await startWholeDesk(model);
  await desk.connect('U0BEN', 'ben@acme.test');
  await desk.connect('U0ADA', 'ada@acme.test');
  return desk;
}

/** Has the next clicks and commands come from someone else than the one who makes them. */
export function clickAs(desk: WholeDesk, user: Json, more: Json = {}): void {
  desk.gateway.onPayload = (payload) => ({
    ...payload,
    user: { ...(payload['user'] as Json), ...user },
    ...more,
  });
}

/** Changes what was pressed. */
export function changeAction(desk: WholeDesk, action: Json): void {
  desk.gateway.onPayload = (payload) => {
    const [first] = payload['actions'] as Json[];
    return { ...payload, actions: [{ ...first, ...action }] };
  };
}

/** What Slack says of whomever it is asked about from now on, people it does not know among them. */
export function tellOf(desk: WholeDesk, person: Json): void {
  desk.gateway.onAnswer = (method, answer, args) => {
    if (method !== 'users.info') return answer;
    const before = (answer['user'] ?? { id: args['user'], name: 'x' }) as Json;
    return { ok: true, user: { ...before, ...person } };
  };
}

export function tellTheTruth(desk: WholeDesk): void {
  desk.gateway.onPayload = null;
  desk.gateway.onAnswer = null;
}

/** Nothing was decided, one sentence was said, one event was written. */
export async function expectNothing(
  desk: WholeDesk,
  open: Asked,
  run: () => Promise<unknown>,
  expected: { event: string; words: string; whom?: string },
): Promise<void> {
  const before = await statusOf(desk, open);
  const { audit, whispers, mails } = await attempt(desk, run, expected.whom);
  expect(audit).toEqual([expected.event]);
  expect(whispers).toHaveLength(1);
  expect(whispers[0]).toContain(expected.words);
  expect(mails).toBe(0);
  expect(await statusOf(desk, open)).toBe(before);
}

/** Waits until no turn is open and nothing is left to do. */
export async function untilQuiet(desk: WholeDesk): Promise<void> {
  await eventually('every turn to end', async () => {
    const [open] = await desk.database.owner`
      select 1 from agentdesk.turns where status in ('queued', 'running', 'waiting')`;
    const [work] = await desk.database.owner`select 1 from agentdesk.inbox where processed_at is null`;
    const [unsaid] = await desk.database.owner`
      select 1 from agentdesk.outbox where sent_at is null and failed_at is null`;
    return open === undefined && work === undefined && unsaid === undefined;
  });
}
