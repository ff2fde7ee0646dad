import type { Action } from '../actions/action.ts';
import { readArguments } from '../actions/arguments.ts';
import { findActionByTool } from '../actions/catalog.ts';
import { toCanonicalBytes } from '../db/canonical.ts';
import { DeskError } from '../errors.ts';
import { findConnectRequest, requestConnect } from '../vault/accounts/request.ts';
import type { ConnectRequest } from '../vault/deps.ts';
import { nameService } from '../vault/exchange-refusal.ts';
import type { Call, CallDeps, Turn } from './deps.ts';
import { hashRaw } from './digest.ts';
import { findReadyAccount, fixArguments } from './fix-arguments.ts';
import { withGrant } from './grants/find-grant.ts';
import { propose } from './propose.ts';
import { findLatestRevision } from './query.ts';
import { recordRefusal } from './refusals.ts';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
  /** Why it cannot be taken as it was written, and whether that looks like more than a mistake; null when it can. */
  readonly unusable: { readonly problem: string; readonly attack: boolean } | null;
}

export type Authorized =
  | { readonly kind: 'call'; readonly call: Call }
  /** An account or a scope is missing; the turn waits for the browser. */
  | { readonly kind: 'connect'; readonly request: ConnectRequest }
  /** Too many approvals are open; this one waits in order. */
  | { readonly kind: 'queued' };

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
    if (error instanceof DeskError) {
      const attack = tool.unusable?.attack ?? error.code === 'tool_call_id_reused';
      await recordRefusal(deps, turn, tool, error, attack);
    }
    throw error;
  }
}

async function authorizeUnaudited(
  deps: CallDeps,
  turn: Turn,
  words: readonly string[],
  tool: ToolCall,
): Promise<Authorized> {
  if (tool.unusable !== null) throw describeUnusable(tool, tool.unusable.problem);
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
  const ready = await findReadyAccount(deps, turn, action);
  if (ready === null) return { kind: 'connect', request: await askToConnect(deps, turn, tool, action) };
  const call = await propose(deps, {
    ...(await withGrant(deps, await fixArguments(deps, turn, action, raw, ready, words), words)),
    toolCallId: tool.id,
    revision: 1,
    rawDigest,
    replaces: null,
  });
  if (call === null) return { kind: 'queued' };
  if (!call.rawDigest.equals(rawDigest)) throw new DeskError('tool_call_id_reused');
  return { kind: 'call', call };
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
    level: action.risk === 'read' ? 'read' : 'all',
    waiting: { turnId: turn.id, toolCallId: tool.id },
  });
  const current = (await findConnectRequest(deps.vault, turn.workspaceId, request.id)) ?? request;
  if (current.status === 'failed' || current.status === 'expired' || current.status === 'connected') {
    throw current.kind === 'link'
      ? new DeskError('link_missing', { service: new URL(current.connection).host })
      : new DeskError('account_missing', { service: nameService(action.connection) });
  }
  return current;
}

function canonicalizeRaw(tool: ToolCall): Buffer {
  try {
    return toCanonicalBytes(tool.args);
  } catch (cause) {
    throw describeUnusable(tool, 'they are not plain JSON', cause);
  }
}

function describeUnusable(tool: ToolCall, problem: string, cause?: unknown): DeskError {
  return new DeskError('arguments_invalid', { action: tool.name.slice(0, 60), problem }, { cause });
}
