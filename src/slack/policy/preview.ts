import { strongTierProblem } from '../../approvals/strong/relying-party.ts';
import { DeskError } from '../../errors.ts';
import { classifyChange } from '../../policy/rules/classify.ts';
import { describeDiff } from '../../policy/rules/describe-diff.ts';
import { refuseLowered } from '../../policy/versions/floors.ts';
import { readHead } from '../../policy/versions/read.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { applyWish, placeOf, type PolicyChange, type Scope, type Wish } from './change.ts';

/** What a change would come to, before it is made. */
export interface Preview {
  readonly change: PolicyChange;
  /** What would change, a sentence each. */
  readonly diff: readonly string[];
  /** How it goes into force: at once, after an approval on a second device, or after one with a click. */
  readonly force: 'at_once' | 'strong_approval' | 'approval';
}

/**
 * Looks at a wish against the layer that is in force now.
 * @throws DeskError `policy_unchanged`, `policy_too_low`, `policy_invalid`, `policy_unknown`
 */
export async function previewChange(
  deps: SlackDeps,
  actor: Actor,
  scope: Scope,
  wish: Wish,
): Promise<Preview> {
  const { database, catalog } = deps.policy;
  const place = placeOf(actor, scope);
  const head = await readHead(database.db, place);
  if (wish.kind === 'set' && !catalog.some(({ id }) => id === wish.action))
    throw new DeskError('policy_invalid', { problem: 'there is no such action here' });
  const document = await applyWish(deps, place, head.document, wish);
  const diff = describeDiff(head.document, document, catalog);
  if (diff.length === 0) throw new DeskError('policy_unchanged');
  if (wish.kind !== 'rollback')
    await database.transaction((tx) => refuseLowered(tx, catalog, place, head.document, document));
  const loosens = classifyChange(head.document, document, catalog) === 'loosening';
  const hasPasskeys = strongTierProblem(deps.calls.approvals.publicUrl) === null;
  return {
    change: { scope, base: head.number, wish },
    diff,
    force: loosens ? (hasPasskeys ? 'strong_approval' : 'approval') : 'at_once',
  };
}
