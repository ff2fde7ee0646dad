import { DeskError } from '../../errors.ts';
import type { PolicyAuthor } from '../../policy/versions/types.ts';
import { refuseAccess } from '../access.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import type { Scope } from './change.ts';

/**
 * Who may change a layer, asked of Slack now: everyone but guests their own, admins the organisation's. A refusal
 * is in the audit.
 * @returns the author of what they change, or why they may not
 */
export async function checkEditor(
  deps: SlackDeps,
  actor: Actor,
  scope: Scope,
): Promise<PolicyAuthor | DeskError> {
  const found = await judge(deps, actor, scope);
  if (found instanceof DeskError) await refuseAccess(deps, actor, `change policy: ${scope}`, found);
  return found;
}

async function judge(deps: SlackDeps, actor: Actor, scope: Scope): Promise<PolicyAuthor | DeskError> {
  const refused = await deps.directory.checkClicker(actor);
  if (refused !== null) return refused;
  const isAdmin = await deps.directory.isAdmin(actor);
  if (scope === 'organisation' && !isAdmin)
    return new DeskError('not_allowed', { reason: "only admins change the organisation's policy" });
  return { memberId: actor.memberId, role: isAdmin ? 'admin' : 'member' };
}
