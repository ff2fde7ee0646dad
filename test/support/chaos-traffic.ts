import { setTimeout as sleep } from 'node:timers/promises';
import type { Action, Phase, WireFault } from './chaos-plan-faults.ts';

/** A process of the program, by its number. */
export type Whom = number | 'authority' | 'all';

/** A request at one point of its way. */
export interface Crossing {
  readonly what: string;
  readonly phase: Phase;
  /** The process that sent it. */
  readonly process: Whom;
}

export interface Traffic {
  /** Sets what is to go wrong; replaces what was set before. */
  arm(faults: readonly WireFault[]): void;
  disarm(): void;
  /** @returns what is to happen here, or null */
  cross(crossing: Crossing): Action | null;
  /** What happened since it was armed, in words. */
  happened(): string[];
}

/** Decides what goes wrong, for all wires; `kill` acts at once, before the caller goes on. */
export function createTraffic(kill: (process: Whom) => void): Traffic {
  let armed: { fault: WireFault; seen: number }[] = [];
  let log: string[] = [];
  return {
    arm(faults) {
      armed = faults.map((fault) => ({ fault, seen: 0 }));
      log = [];
    },
    disarm() {
      armed = [];
    },
    cross({ what, phase, process }) {
      let action: Action | null = null;
      for (const entry of armed) {
        const { fault } = entry;
        if (fault.what !== what || fault.phase !== phase) continue;
        entry.seen += 1;
        if (action !== null || entry.seen < fault.nth || entry.seen >= fault.nth + fault.times) continue;
        action = fault.action;
      }
      if (action === null) return null;
      log.push(describeFault(what, phase, action));
      if (action.do === 'kill') kill(process);
      return action;
    },
    happened: () => [...log],
  };
}

/** Waits, if that is what is to happen. */
export async function waitIf(action: Action | null): Promise<void> {
  if (action?.do === 'wait') await sleep(action.ms);
}

function describeFault(what: string, phase: Phase, action: Action): string {
  const how =
    action.do === 'status' ? String(action.status) : 'lateMs' in action ? 'kill, done late' : action.do;
  return `${how} ${phase === 'before' ? '→' : phase === 'acted' ? '↔' : '←'} ${what}`;
}
