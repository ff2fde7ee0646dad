import { suggestGrants, type GrantSuggestion } from '../../calls/grants/suggest.ts';
import { listGrants } from '../../policy/grants/query.ts';
import type { Grant } from '../../policy/grants/types.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';

const SHOWN = 20;

/** What a member allowed for now, and what they may want to. */
export interface GrantsView {
  readonly grants: readonly Grant[];
  readonly suggestions: readonly GrantSuggestion[];
}

export async function loadGrants(deps: SlackDeps, actor: Actor): Promise<GrantsView> {
  return {
    grants: await listGrants(deps.calls.database.db, actor, SHOWN),
    suggestions: await suggestGrants(deps.calls, actor),
  };
}
