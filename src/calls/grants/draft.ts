import type { Action } from '../../actions/action.ts';
import { findAction } from '../../actions/catalog.ts';
import { isCallApproval, type Approval, type CallApproval } from '../../approvals/deps.ts';
import type { Presentation } from '../../approvals/presentation.ts';
import { findById } from '../../approvals/query.ts';
import { DeskError } from '../../errors.ts';
import { coversAction } from '../../policy/rules/patterns.ts';
import type { PolicyCall } from '../../policy/types.ts';
import { readHead } from '../../policy/versions/read.ts';
import type { Call, CallDeps } from '../deps.ts';
import { isFetched } from '../provenance.ts';
import { findCall, listTurnCalls } from '../query.ts';

/** One argument of the call a grant is made from, as its form shows it. */
export interface DraftArgument {
  readonly name: string;
  readonly label: string;
  /** What it was, for people; empty when it was left out. */
  readonly value: string;
  /** Whether a grant may leave it open. */
  readonly mayVary: boolean;
  /** Whether it is one text, of which several may be listed. */
  readonly isText: boolean;
}

/** A call that was approved and done, and that its member may allow again. */
export interface GrantDraft {
  readonly call: Call;
  readonly action: Action;
  readonly approval: CallApproval;
  readonly args: Readonly<Record<string, unknown>>;
  readonly list: readonly DraftArgument[];
}

const no = (reason: string): DeskError => new DeskError('grant_refused', { reason });

/**
 * What a grant could be made of, from the card of a call.
 * @throws DeskError `approval_unknown`, `not_yours`, or `grant_refused`, which says why it cannot be allowed again
 */
export async function draftGrant(
  deps: CallDeps,
  who: { readonly workspaceId: string; readonly memberId: string },
  approvalId: string,
): Promise<GrantDraft> {
  const approval = await findById(deps.database, who.workspaceId, approvalId);
  if (approval === null || !isCallApproval(approval)) throw new DeskError('approval_unknown');
  if (approval.memberId !== who.memberId)
    throw new DeskError('not_yours', { owner: `<@${approval.memberId}>` });
  const call = await findCall(deps, approval.callId);
  const action = call === null ? undefined : findAction(call.action);
  if (call === null || action === undefined) throw new DeskError('approval_unknown');
  if (approval.status !== 'approved' || call.status !== 'done') throw no('it was not approved and done');
  if (!(await isGrantable(deps, who.workspaceId, action)))
    throw no('your organisation does not let this be allowed in advance');
  const { context } = call.policyCall as PolicyCall;
  if (context.provenance == null || context.provenance.includes('fetched'))
    throw no('where it goes came from something that was read, not from you');
  const args = JSON.parse(call.args.toString('utf8')) as Record<string, unknown>;
  const shown = approval.presentation as Presentation;
  const list = listArguments(action, args);
  const { fetched, words } = await readSources(deps, call, shown);
  const foreign = list.find(({ name, mayVary }) => !mayVary && isFetched(args[name], words, fetched));
  if (foreign !== undefined)
    throw no(`its ${foreign.label.toLowerCase()} came from something that was read, not from you`);
  return { call, action, approval, args, list };
}

/** Whether the card of an approval offers a grant; what else it takes is looked at when the button is pressed. */
export async function offersGrant(deps: CallDeps, approval: Approval): Promise<boolean> {
  if (approval.status !== 'approved' || !isCallApproval(approval)) return false;
  const action = findAction((approval.presentation as Presentation).action);
  return action !== undefined && (await isGrantable(deps, approval.workspaceId, action));
}

/** Whether the organisation in force lets grants be given for an action. Never for one that deletes. */
export async function isGrantable(
  deps: Pick<CallDeps, 'database'>,
  workspaceId: string,
  action: Action,
): Promise<boolean> {
  if (action.risk === 'delete' || action.mayVary === undefined) return false;
  const { document } = await readHead(deps.database.db, { workspaceId, owner: '' });
  return coversAction(document.grantable, action);
}

/**
 * What was read in a call's turn before it, and what came from its person: their request, what the card marked as
 * theirs, and what is known of them.
 */
async function readSources(
  deps: CallDeps,
  call: Call,
  shown: Presentation,
): Promise<{ fetched: Call[]; words: string[] }> {
  const fetched = (await listTurnCalls(deps, call.turnId)).filter(
    (one) => one.status === 'done' && one.id !== call.id && one.createdAt <= call.createdAt,
  );
  const { name, email, timeZone } = await deps.describeMember(call.workspaceId, call.memberId);
  const own = shown.targets.filter(({ provenance }) => provenance === 'you').map(({ value }) => value);
  return { fetched, words: [shown.why, ...own, name, email ?? '', timeZone, call.accountLabel] };
}

function listArguments(action: Action, args: Readonly<Record<string, unknown>>): DraftArgument[] {
  const { fields } = action.preview(args, {});
  const open = action.mayVary ?? [];
  const names = [...new Set([...Object.keys(args), ...open])];
  return names.map((name) => {
    const own = fields.filter(({ path }) => path === `/${name}` || path.startsWith(`/${name}/`));
    const mayVary = open.includes(name);
    return {
      name,
      label: own.map(({ label }) => label).join(', ') || `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`,
      value: own.map(({ value }) => value).join('\n'),
      mayVary,
      isText: mayVary && (args[name] === undefined || typeof args[name] === 'string'),
    };
  });
}
