import { findActionByTool } from '../actions/catalog.ts';
import { append, type AuditEvent } from '../audit/append.ts';
import { DeskError } from '../errors.ts';
import type { CallDeps, Turn } from './deps.ts';

/** As much of a tool call as a refusal tells about it. */
interface Named {
  readonly id: string;
  readonly name: string;
}

type RefusalDeps = Pick<CallDeps, 'database'>;

/**
 * Records that a tool call did not become a call.
 * @param attack true when it cannot be an honest mistake: an attack until shown otherwise
 */
export async function recordRefusal(
  deps: RefusalDeps,
  turn: Turn,
  tool: Named,
  error: DeskError,
  attack: boolean,
): Promise<void> {
  const action = findActionByTool(tool.name)?.id ?? tool.name.slice(0, 60);
  const detail = { at: 'proposal', attack, tool_call_id: tool.id.slice(0, 80) };
  await record(deps, turn, error, { action, detail });
}

/**
 * Refuses everything a message asked for beyond what is taken at a time. One event tells of all of it: a model that
 * names thousands shall not write thousands.
 * @param calls those beyond the limit; at least one
 * @returns what each of them is answered
 */
export async function refuseOverflow(
  deps: RefusalDeps,
  turn: Turn,
  calls: readonly Named[],
  limit: number,
): Promise<DeskError> {
  const error = new DeskError('too_many_calls', { max: limit });
  const tools = new Map<string, number>();
  for (const { name } of calls) {
    const tool = findActionByTool(name)?.id ?? 'unknown';
    tools.set(tool, (tools.get(tool) ?? 0) + 1);
  }
  const detail = {
    at: 'proposal',
    // Too many is what an eager model asks for as well; nothing of it was looked at.
    attack: false,
    refused: calls.length,
    limit,
    actions: Object.fromEntries(tools),
    first_tool_call_id: calls[0]?.id.slice(0, 80) ?? null,
  };
  await record(deps, turn, error, { action: null, detail });
  return error;
}

async function record(
  deps: RefusalDeps,
  turn: Turn,
  error: DeskError,
  about: Pick<AuditEvent, 'action' | 'detail'>,
): Promise<void> {
  await deps.database.transaction((tx) =>
    append(tx, {
      workspaceId: turn.workspaceId,
      type: 'call.refused',
      actor: `agent:${turn.agent}`,
      memberId: turn.memberId,
      agent: turn.agent,
      outcome: error.code,
      why: error.message,
      turnId: turn.id,
      traceId: turn.traceId,
      ...about,
    }),
  );
}
