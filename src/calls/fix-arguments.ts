import type { Action } from '../actions/action.ts';
import { findAction } from '../actions/catalog.ts';
import { DeskError } from '../errors.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { PreparedPolicy } from '../policy/prepared-policy.ts';
import { findAccount } from '../vault/accounts/list.ts';
import { findSubject, type Subject } from '../vault/accounts/members.ts';
import type { Account } from '../vault/deps.ts';
import { openLease } from '../vault/leases.ts';
import type { CallDeps, MemberProfile, Turn } from './deps.ts';
import { buildPolicyCall } from './policy-call.ts';
import type { Fixed } from './propose.ts';
import { markTargets } from './provenance.ts';
import { listTurnCalls } from './query.ts';

/** Which read decides whether an inspect lease is permitted for a service. */
const READ_OF: ReadonlyMap<string, string> = new Map(
  Object.entries({
    calendar: 'calendar.events.list',
    gmail: 'gmail.messages.get',
    github: 'github.issues.get',
  }),
);

/** The account a call is made with, and who its member is at the vault. */
export interface ReadyAccount {
  readonly account: Account;
  readonly subject: Subject;
}

/** @returns null when there is no account with the scopes the action needs */
export async function findReadyAccount(
  deps: CallDeps,
  turn: Turn,
  action: Action,
): Promise<ReadyAccount | null> {
  const subject = await findSubject(
    deps.database.db,
    turn.workspaceId,
    turn.memberId,
    deps.vault.vault.issuer,
  );
  const account = await findAccount(deps.database, turn.workspaceId, turn.memberId, action.connection);
  return subject === null || account === null || lacksScope(account, action) ? null : { account, subject };
}

/**
 * Fixes a call's arguments and has the policy decide it; nothing is written yet.
 * @param words what the person wrote in this conversation, newest last
 */
export async function fixArguments(
  deps: CallDeps,
  turn: Turn,
  action: Action,
  raw: unknown,
  { account, subject }: ReadyAccount,
  words: readonly string[],
): Promise<Omit<Fixed, 'toolCallId' | 'revision' | 'rawDigest' | 'replaces'>> {
  const profile = await deps.describeMember(turn.workspaceId, turn.memberId);
  const policy = await deps.policies.load(turn.workspaceId, turn.memberId);
  const { args, facts } = await resolveArguments(deps, {
    turn,
    action,
    raw,
    account,
    subject,
    profile,
    policy,
  });
  const fetched = (await listTurnCalls(deps, turn.id)).filter((call) => call.status === 'done');
  const targets = markTargets(action.preview(args, facts).targets, words, fetched);
  const policyCall = await buildPolicyCall(deps, turn, profile, account, action, facts, targets);
  const step = { name: 'policy', turnId: turn.id, attributes: { 'agentdesk.action': action.id } } as const;
  const decision = await deps.telemetry.trace(step, (set) => {
    const decided = evaluate(policy, policyCall);
    set({ 'agentdesk.outcome': decided.outcome });
    return decided;
  });
  return {
    turn,
    action,
    args,
    raw,
    account,
    subject,
    profile,
    targets,
    policyCall,
    decision,
  };
}

/** A GitHub App has no scopes, so an account without any is left to the provider's own answer. */
function lacksScope(account: Account, action: Action): boolean {
  return account.scopes.length > 0 && action.scopes.some((scope) => !account.scopes.includes(scope));
}

interface Resolving {
  readonly turn: Turn;
  readonly action: Action;
  readonly raw: unknown;
  readonly account: Account;
  readonly subject: Subject;
  readonly profile: MemberProfile;
  readonly policy: PreparedPolicy;
}

/** Makes relative values absolute, reading through an inspect lease only where the policy allows that read. */
async function resolveArguments(deps: CallDeps, input: Resolving): ReturnType<Action['resolve']> {
  const { turn, action, account, profile } = input;
  const context = {
    now: deps.now(),
    timeZone: profile.timeZone,
    member: { name: profile.name, email: profile.email },
    account: { label: account.label },
  };
  const read = findAction(READ_OF.get(action.service) ?? '');
  const mayRead =
    read !== undefined &&
    evaluate(input.policy, await buildPolicyCall(deps, turn, profile, account, read, {}, null)).outcome ===
      'allow';
  if (action.requests.inspect.length === 0 || !mayRead) {
    const refuse = (): Promise<Response> =>
      Promise.reject(new DeskError('lease_refused', { reason: 'the policy does not allow reading for it' }));
    return action.resolve(input.raw, { ...context, http: refuse });
  }
  const lease = await openLease(deps.vault, {
    kind: 'inspect',
    account,
    issuer: input.subject.issuer,
    subject: input.subject.subject,
    action: action.id,
    scopes: action.scopes,
    rules: action.requests.inspect,
    call: null,
    turnId: turn.id,
    traceId: turn.traceId,
    seconds: 60,
  });
  try {
    const { args, facts } = await action.resolve(input.raw, { ...context, http: lease.http });
    return { args: action.args.parse(args), facts };
  } finally {
    await lease.end();
  }
}
