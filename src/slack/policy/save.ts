import { propose } from '../../policy/versions/propose.ts';
import { readNumber } from '../../policy/versions/read.ts';
import type { PolicyAuthor, PolicySourceName, PolicyVersion } from '../../policy/versions/types.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { applyWish, placeOf, type PolicyChange, type Wish } from './change.ts';

const SOURCES: Readonly<Record<Wish['kind'], PolicySourceName>> = {
  set: 'editor',
  add: 'editor',
  edit: 'editor',
  remove: 'editor',
  rollback: 'rollback',
  import: 'import',
};

/**
 * Saves a change on the version the person saw. Whether it is in force at once is not theirs to say.
 * @throws DeskError as `propose`: `policy_changed` when that version is not in force any more
 */
export async function saveChange(
  deps: SlackDeps,
  actor: Actor,
  { scope, base, wish }: PolicyChange,
  author: PolicyAuthor,
): Promise<PolicyVersion> {
  const place = placeOf(actor, scope);
  const before = await readNumber(deps.policy.database.db, place, base);
  return propose(deps.policy, {
    ...place,
    baseVersion: base,
    document: await applyWish(deps, place, before.document, wish),
    author,
    source: wish.kind === 'add' && wish.isSaid ? 'language' : SOURCES[wish.kind],
  });
}

/** What the person is told of what they saved. */
export function describeSaved({ status, number, owner, diff }: PolicyVersion): string {
  const whose = owner === '' ? 'The organisation’s policy' : 'Your policy';
  return status === 'active'
    ? `${whose} is at version ${number} now. ${diff.join(' ')}`
    : `Version ${number} waits for your approval, since it lets the agent do more. I sent you the card in our direct message; nothing changes before that.`;
}
