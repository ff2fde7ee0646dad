import type { Outside, Seen } from './outside.ts';
import type { StoryPlan } from './chaos-plan.ts';

/** A message with what the stand-in keeps beside what is shown. */
export type Posted = Seen & {
  readonly bot_id?: string;
  readonly ephemeralFor?: string;
  readonly metadata?: { readonly event_payload?: { readonly key?: unknown } };
};

export const dmOf = (user: string): string => user.replace('U', 'D');
export const placeOf = ({ place, user }: StoryPlan): string => (place === 'dm' ? dmOf(user) : 'C0GENERAL');

export function readChannel(outside: Outside, channel: string, viewer: string): Posted[] {
  return outside.slack.messages(channel, viewer);
}

export const keyOf = (message: Posted): string => String(message.metadata?.event_payload?.key ?? '');

/** What a card says of itself, by the words its text begins with (blocks/card-verdict). */
export type Told =
  'pending' | 'running' | 'done' | 'not done' | 'not known' | 'too late' | 'denied' | 'expired' | 'cancelled';

const LEADS: readonly (readonly [string, Told | 'replaced'])[] = [
  ['Approval needed: ', 'pending'],
  ['Approved: ', 'running'],
  ['Done: ', 'done'],
  ['Not done: ', 'not done'],
  ['Not known: ', 'not known'],
  ['Too late: ', 'too late'],
  ['Denied: ', 'denied'],
  ['Expired: ', 'expired'],
  ['Cancelled: ', 'cancelled'],
  ['Replaced: ', 'replaced'],
];

export interface CardSeen {
  readonly message: Posted;
  readonly told: Told;
}

/** The newest card of a call in its member's direct message, replaced ones left out. */
export function findCardOf(outside: Outside, user: string, marker: string): CardSeen | null {
  for (const message of readChannel(outside, dmOf(user), user).toReversed()) {
    if (!keyOf(message).startsWith('card:') || !JSON.stringify(message.blocks).includes(marker)) continue;
    const told = LEADS.find(([lead]) => message.text.startsWith(lead))?.[1];
    if (told === undefined) throw new Error(`a card that says nothing known: ${message.text}`);
    if (told !== 'replaced') return { message, told };
  }
  return null;
}

/** Whether a sentence that only this person sees came to them since a time (ms): why a click was not taken. */
export function wasTold(outside: Outside, user: string, since: number): boolean {
  return readChannel(outside, dmOf(user), user).some(
    (message) => message.ephemeralFor === user && Number(message.ts) * 1000 > since - 1000,
  );
}

/** Keys under which something was posted more than once. */
export function findDoublePosts(outside: Outside): string[] {
  const seen = new Map<string, number>();
  for (const [channel, viewer] of [
    ['D0ADA', 'U0ADA'],
    ['D0BEN', 'U0BEN'],
    ['C0GENERAL', 'U0BEN'],
  ] as const) {
    for (const message of readChannel(outside, channel, viewer)) {
      const key = keyOf(message);
      if (key !== '') seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  return [...seen].filter(([, count]) => count > 1).map(([key, count]) => `${key} × ${count}`);
}

/** How many turns of a thread were answered. */
export function countAnswers(outside: Outside, story: StoryPlan, thread: string): number {
  const keys = [placeOf(story), dmOf(story.user)].flatMap((channel) =>
    readChannel(outside, channel, story.user).map(keyOf),
  );
  const turn = new RegExp(`^reply:[^/]*/${placeOf(story)}/${thread.replace('.', '[.]')}/[^:]+$`);
  return new Set(keys.filter((key) => turn.test(key))).size;
}
