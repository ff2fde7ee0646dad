import { isDeepStrictEqual } from 'node:util';
import { readAskTier } from '../../approvals/strong/choose-device.ts';
import { DeskError } from '../../errors.ts';
import { compileLayer, type CompileTarget } from '../../policy/rules/compile.ts';
import { EMPTY_LAYER, type LayerDocument } from '../../policy/rules/types.ts';
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
  /** The layer as it would be. */
  readonly document: LayerDocument;
  /** What would change, a sentence each. */
  readonly diff: readonly string[];
  /** The rule that would be added or changed, as Cedar; null when it is no single one. */
  readonly cedar: string | null;
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
  const hasDevices = readAskTier(deps.calls.approvals) === 'approve_strong';
  return {
    change: { scope, base: head.number, wish },
    document,
    diff,
    cedar: writeCedar(document, head.document, { catalog, ...place }),
    force: loosens ? (hasDevices ? 'strong_approval' : 'approval') : 'at_once',
  };
}

function writeCedar(after: LayerDocument, before: LayerDocument, target: CompileTarget): string | null {
  const changed = after.rules.filter((rule) => !before.rules.some((old) => isDeepStrictEqual(old, rule)));
  return changed.length === 1
    ? compileLayer({ ...EMPTY_LAYER, rules: changed }, { ...target, owner: 'rule' })
    : null;
}
