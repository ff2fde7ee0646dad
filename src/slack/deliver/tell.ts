import { randomUUID } from 'node:crypto';
import type { Approval } from '../../approvals/deps.ts';
import { findTurn } from '../../calls/turns.ts';
import type { Turn } from '../../calls/deps.ts';
import { cardStateOf } from '../blocks/card-state.ts';
import type { SlackDeps } from '../deps.ts';
import { statusRow } from './deliver.ts';
import { findOutcome } from './find-outcome.ts';
import { enqueueOutgoing, type Outgoing } from './enqueue.ts';
import { findByKey } from './outbox.ts';

type TellDeps = Pick<SlackDeps, 'calls'>;

/** Says one of our own sentences, once by key. */
export async function tell(
  deps: TellDeps,
  place: Pick<Outgoing, 'workspaceId' | 'channel' | 'threadTs'>,
  key: string,
  text: string,
): Promise<void> {
  await deps.calls.database.transaction((tx) =>
    enqueueOutgoing(tx, deps.calls.jobs, [
      { ...place, key, kind: 'post', payload: { type: 'notice', text } },
    ]),
  );
}

/** Has the session status of a turn's thread told anew. */
export async function tellStatus(deps: TellDeps, turn: Turn, stamp: string = randomUUID()): Promise<void> {
  await deps.calls.database.transaction((tx) =>
    enqueueOutgoing(tx, deps.calls.jobs, [statusRow(turn, stamp)]),
  );
}

/**
 * Has a posted card drawn anew, after what it shows has changed. Only ever called once that is stored.
 * @param mark what changed; the card's state when absent
 */
export async function redrawCard(deps: TellDeps, approval: Approval, mark?: string): Promise<void> {
  const { database, jobs } = deps.calls;
  const key = `card:${approval.id}`;
  const posted = await findByKey(database, approval.workspaceId, key);
  const turn =
    posted === null && approval.turnId !== null ? await findTurn(deps.calls, approval.turnId) : null;
  const place = posted ?? (turn?.surface === 'dm' ? turn : null);
  if (place === null) return;
  const state = mark ?? cardStateOf(approval, await findOutcome(deps, approval));
  const { workspaceId, channel, threadTs } = place;
  await database.transaction((tx) =>
    enqueueOutgoing(tx, jobs, [
      {
        workspaceId,
        channel,
        threadTs,
        key: `${key}:${state}`,
        kind: 'update',
        targetKey: key,
        payload: { type: 'card', approvalId: approval.id },
      },
    ]),
  );
}
