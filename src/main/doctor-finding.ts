import type { Config, Secrets } from '../config-types.ts';

/** What one check came to. Only `fail` makes the doctor's exit code 1. */
export interface Finding {
  readonly check: string;
  /** `look` = it cannot be seen from here, so a person has to look. */
  readonly status: 'ok' | 'warn' | 'fail' | 'look';
  readonly detail: string;
  /** What to do, to the letter; null when there is nothing to do. */
  readonly fix: string | null;
}

/** What every check is given. */
export interface DoctorContext {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly now: () => Date;
  /** As in `process.versions.node`. */
  readonly nodeVersion: string;
  /** Milliseconds a network check may take. */
  readonly timeoutMs: number;
}

/** A check never throws for what it looks for; what it throws is a fault of its own. */
export type Check = (context: DoctorContext) => Promise<Finding[]>;

export function pass(check: string, detail: string): Finding {
  return { check, status: 'ok', detail, fix: null };
}

export function warn(check: string, detail: string, fix: string): Finding {
  return { check, status: 'warn', detail, fix };
}

export function look(check: string, detail: string, where: string): Finding {
  return { check, status: 'look', detail, fix: where };
}

export function fail(check: string, detail: string, fix: string): Finding {
  return { check, status: 'fail', detail, fix };
}
