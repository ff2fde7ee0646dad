import { isStricter } from '../../policy/compare.ts';
import { applyGrant } from '../../policy/grants/apply-grant.ts';
import { listGrants } from '../../policy/grants/query.ts';
import { fitsTemplate, listFree, listOpen } from '../../policy/grants/template.ts';
import type { Grant } from '../../policy/grants/types.ts';
import type { CallDeps } from '../deps.ts';
import { hashDeclaration } from '../digest.ts';
import type { Fixed } from '../propose.ts';
import { isFetched } from '../provenance.ts';
import { listTurnCalls } from '../query.ts';

/** More are never open at a time. */
const MOST = 50;

type Decided = Pick<Fixed, 'turn' | 'action' | 'args' | 'account' | 'subject' | 'policyCall' | 'decision'>;

/**
 * Lets a grant of the member take the place of asking, when one fits a call exactly and nothing in it came from fetched
 * content. Whether it still may is seen at the claim, where its uses are counted.
 * @param words what the person wrote in this conversation
 */
export async function withGrant<Call extends Decided>(
  deps: CallDeps,
  fixed: Call,
  words: readonly string[],
): Promise<Call> {
  const { turn, policyCall, decision } = fixed;
  if (decision.outcome !== 'approve' && decision.outcome !== 'approve_strong') return fixed;
  if (policyCall.context.provenance?.includes('fetched') !== false) return fixed;
  const fitting = (await listGrants(deps.database.db, turn, MOST)).filter((grant) => fits(grant, fixed));
  if (fitting.length === 0) return fixed;
  const fetched = (await listTurnCalls(deps, turn.id)).filter((call) => call.status === 'done');
  const args = fixed.args as Readonly<Record<string, unknown>>;
  // The one that ends first is used first.
  const grant = fitting
    .toSorted((one, other) => one.expiresAt.getTime() - other.expiresAt.getTime())
    .find(({ template }) => !listFree(template).some((name) => isFetched(args[name], words, fetched)));
  if (grant === undefined) return fixed;
  const { id, code, tier, sentence } = grant;
  const granted = { id, code, tier, sentence };
  return { ...fixed, policyCall: { ...policyCall, grant: granted }, decision: applyGrant(decision, granted) };
}

function fits(grant: Grant, { turn, action, args, account, subject, decision }: Decided): boolean {
  const open = action.mayVary ?? [];
  return (
    !isStricter(decision.outcome, grant.tier) &&
    grant.agent === turn.agent &&
    grant.action === action.id &&
    action.risk !== 'delete' &&
    grant.accountId === account.id &&
    grant.issuer === subject.issuer &&
    grant.subject === subject.subject &&
    grant.declarationHash.equals(hashDeclaration(action)) &&
    listOpen(grant.template).every((name) => open.includes(name)) &&
    fitsTemplate(grant.template, args as Readonly<Record<string, unknown>>)
  );
}
