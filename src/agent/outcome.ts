import type { Call, Turn } from '../calls/deps.ts';

/** What a run of a turn came to: everything Slack has to be told. */
export interface Outcome {
  readonly turn: Turn;
  readonly status: 'waiting' | 'done' | 'failed' | 'cancelled';
  /** The model's final words, or the sentence of what went wrong; null while it waits. */
  readonly reply: string | null;
  /** Every call of the turn, in order, as the ledger has it. */
  readonly calls: readonly Call[];
  /** Calls that wait for a free place, because too many approvals of this member are open. */
  readonly queued: number;
  /** Connect requests the turn waits for, by id. */
  readonly connects: readonly string[];
}
