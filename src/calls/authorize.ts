import type { Action, Http } from '../actions/action.ts';
import { readArguments } from '../actions/arguments.ts';
import { findAction, findActionByTool } from '../actions/catalog.ts';
import { append } from '../audit/append.ts';
import { toCanonicalBytes } from '../db/canonical.ts';
import { DeskError } from '../errors.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { PreparedPolicy } from '../policy/prepared-policy.ts';
import { findAccount } from '../vault/accounts/list.ts';
import { findSubject, type Subject } from '../vault/accounts/members.ts';
import { findConnectRequest, requestConnect } from '../vault/accounts/request.ts';
import type { Account, ConnectRequest } from '../vault/deps.ts';
import { nameService } from '../vault/exchange.ts';
import { openLease } from '../vault/leases.ts';
import type { Call, CallDeps, MemberProfile, Turn } from './deps.ts';
import { hashRaw } from './digest.ts';
import { buildPolicyCall } from './policy-call.ts';
import { propose } from './propose.ts';
import { findLatestRevision } from './query.ts';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
}

export type Authorized =
  | { readonly kind: 'call'; readonly call: Call }
  /** An account or a scope is missing; the turn waits for the browser. */
  | { readonly kind: 'connect'; readonly request: ConnectRequest }
  /** Too many approvals are open; this one waits in order. */
  | { readonly kind: 'queued' };

/** Which read decides whether an inspect lease is permitted for a service. */
const READ_OF: Readonly<Record<string, string>> = {
  calendar: 'calendar.events.list',
  gmail: 'gmail.messages.get',
  github: 'github.issues.get',
};

/**
 * Turns a tool call into a row of the ledger, once; repeated, it returns the same row.
 * @throws DeskError when the call cannot be made at all: unknown tool, unusable arguments, an id used before with
 *   others, stopped, denied before. Each is audited.
 */
export async function authorize(
  deps: CallDeps,
  turn: Turn,
  words: readonly string[],
  tool: ToolCall,
): Promise<Authorized> {
  try {
    return await authorizeUnaudited(deps, turn, words, tool);
  } catch (error) {
    if (error instanceof DeskError) await recordRefusal(deps, turn, tool, error);
    throw error;
  }
}

async function authorizeUnaudited(
  deps: CallDeps,
  turn: Turn,
  words: readonly string[],
  tool: ToolCall,
): Promise<Authorized> {
  const rawDigest = hashRaw(Buffer.concat([Buffer.from(`${tool.name}\n`), canonicalizeRaw(tool)]));
  const existing = await findLatestRevision(deps, {
    workspaceId: turn.workspaceId,
    turnId: turn.id,
    toolCallId: tool.id,
  });
  if (existing !== null) {
    if (!existing.rawDigest.equals(rawDigest)) throw new DeskError('tool_call_id_reused');
    return { kind: 'call', call: existing };
  }
  const action = findActionByTool(tool.name);
  if (action === undefined) throw new DeskError('tool_unknown', { tool: tool.name.slice(0, 60) });
  const raw = readArguments(action, tool.args);
  const subject = await findSubject(deps.database.db, turn.workspaceId, turn.memberId);
  const account = await findAccount(deps.database, turn.workspaceId, turn.memberId, action.connection);
  if (subject === null || account === null || lacksScope(account, action)) {
    return { kind: 'connect', request: await askToConnect(deps, turn, tool, action) };
  }
  const profile = await deps.describeMember(turn.workspaceId, turn.memberId);
  const policy = await deps.policies.load(turn.workspaceId);
  const { args, facts } = await resolveArguments(deps, {
    turn,
    action,
    raw,
    account,
    subject,
    profile,
    policy,
  });
  const policyCall = await buildPolicyCall(deps, turn, profile, account, action, facts);
  const call = await propose(deps, {
    turn,
    toolCallId: tool.id,
    revision: 1,
    action,
    args,
    rawDigest,
    account,
    subject,
    profile,
    policyCall,
    decision: evaluate(policy, policyCall),
    words,
  });
  if (call === null) return { kind: 'queued' };
  if (!call.rawDigest.equals(rawDigest)) throw new DeskError('tool_call_id_reused');
  return { kind: 'call', call };
}

/** A GitHub App has no scopes, so an account without any is left to the provider's own answer. */
function lacksScope(account: Account, action: Action): boolean {
  return account.scopes.length > 0 && action.scopes.some((scope) => !account.scopes.includes(scope));
}

async function askToConnect(
  deps: CallDeps,
  turn: Turn,
  tool: ToolCall,
  action: Action,
): Promise<ConnectRequest> {
  const request = await requestConnect(deps.vault, {
    workspaceId: turn.workspaceId,
    memberId: turn.memberId,
    connection: action.connection,
    purpose: turn.text.slice(0, 200),
    waiting: { turnId: turn.id, toolCallId: tool.id },
  });
  const current = (await findConnectRequest(deps.vault, turn.workspaceId, request.id)) ?? request;
  if (current.status === 'failed' || current.status === 'expired' || current.status === 'connected') {
    throw new DeskError('account_missing', { service: nameService(action.connection) });
  }
  return current;
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
  const read = findAction(READ_OF[action.service] ?? '');
  const mayRead =
    read !== undefined &&
    evaluate(input.policy, await buildPolicyCall(deps, turn, profile, account, read, {})).outcome === 'allow';
  if (action.requests.inspect.length === 0 || !mayRead) {
    const refuse = (): Promise<Response> =>
      Promise.reject(new DeskError('lease_refused', { reason: 'the policy does not allow reading for it' }));
    return action.resolve(input.raw, { ...context, http: refuse as Http });
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

function canonicalizeRaw(tool: ToolCall): Buffer {
  try {
    return toCanonicalBytes(tool.args);
  } catch (cause) {
    throw new DeskError(
      'arguments_invalid',
      { action: tool.name.slice(0, 60), problem: 'they are not plain JSON' },
      { cause },
    );
  }
}

async function recordRefusal(deps: CallDeps, turn: Turn, tool: ToolCall, error: DeskError): Promise<void> {
  await deps.database.transaction((tx) =>
    append(tx, {
      workspaceId: turn.workspaceId,
      type: 'call.refused',
      actor: `agent:${turn.agent}`,
      memberId: turn.memberId,
      agent: turn.agent,
      action: findActionByTool(tool.name)?.id ?? tool.name.slice(0, 60),
      outcome: error.code,
      why: error.message,
      turnId: turn.id,
      traceId: turn.traceId,
      detail: { tool_call_id: tool.id.slice(0, 80) },
    }),
  );
}
