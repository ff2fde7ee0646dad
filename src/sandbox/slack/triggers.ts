import { randomBytes, randomInt } from 'node:crypto';
import { Refusal } from './refusal.ts';

interface Trigger {
  readonly userId: string;
  /** The modal the interaction came from, for views.push. */
  readonly viewId: string | null;
  readonly issued: number;
  used: boolean;
}

export interface Triggers {
  issue(userId: string, viewId?: string): string;
  /** @throws Refusal when the trigger is unknown, older than three seconds, or was used */
  exchange(id: string): { readonly userId: string; readonly viewId: string | null };
}

const LIFETIME_MS = 3000;
const KEPT = 1000;

/** Triggers let an app open a modal for a person who just acted: three seconds, one use. */
export function createTriggers(now: () => Date): Triggers {
  const issued = new Map<string, Trigger>();
  return {
    issue: (userId, viewId) => {
      const id = `${randomInt(1e9, 1e10)}.${randomInt(1e9, 1e10)}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { userId, viewId: viewId ?? null, issued: now().getTime(), used: false });
      for (const old of issued.keys()) if (issued.size > KEPT) issued.delete(old);
      return id;
    },
    exchange: (id) => {
      const trigger = issued.get(id);
      if (trigger === undefined) throw new Refusal('invalid_trigger_id');
      if (trigger.used) throw new Refusal('exchanged_trigger_id');
      if (now().getTime() - trigger.issued > LIFETIME_MS) throw new Refusal('expired_trigger_id');
      trigger.used = true;
      return trigger;
    },
  };
}
