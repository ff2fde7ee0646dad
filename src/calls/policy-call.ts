import type { Action, Facts } from '../actions/action.ts';
import { and, eq, sql } from '../db/drizzle.ts';
import { calls } from '../db/schema/calls.ts';
import type { PolicyCall, Weekday } from '../policy/types.ts';
import type { Account } from '../vault/deps.ts';
import type { CallDeps, MemberProfile, Turn } from './deps.ts';
import { listSources, type MarkedTarget } from './provenance.ts';

/**
 * The question put to the policy: kept on the row, so that a claim can put it to a newer policy.
 * @param targets null when they are not known yet
 */
export async function buildPolicyCall(
  deps: CallDeps,
  turn: Turn,
  profile: MemberProfile,
  account: Account,
  action: Action,
  facts: Facts,
  targets: readonly MarkedTarget[] | null,
): Promise<PolicyCall> {
  const addresses = [...(facts.recipients ?? []), ...(facts.guests ?? [])];
  return {
    agent: turn.agent,
    member: { workspaceId: turn.workspaceId, id: turn.memberId, role: profile.role, groups: profile.groups },
    action: action.id,
    account: {
      connection: account.connection,
      label: account.label,
      domain: account.label.split('@')[1] ?? null,
    },
    facts,
    context: {
      ownDomains: profile.ownDomains,
      firstTimeRecipients:
        addresses.length === 0 ? false : (await findFirstTime(deps, turn, addresses)).length > 0,
      ...readClock(deps.now(), profile.timeZone),
      surface: turn.surface,
      provenance: targets === null ? null : listSources(targets, account.label),
    },
  };
}

/** Which addresses this member's finished calls never wrote to. */
export async function findFirstTime(
  deps: Pick<CallDeps, 'database'>,
  turn: Pick<Turn, 'workspaceId' | 'memberId'>,
  addresses: readonly string[],
): Promise<string[]> {
  if (addresses.length === 0) return [];
  const rows = await deps.database.db
    .select({ address: sql<string>`address` })
    .from(calls)
    .innerJoin(
      sql`lateral jsonb_array_elements_text(
        coalesce(policy_call->'facts'->'recipients', '[]'::jsonb) || coalesce(policy_call->'facts'->'guests', '[]'::jsonb)
      ) as known(address)`,
      sql`true`,
    )
    .where(
      and(
        eq(calls.workspaceId, turn.workspaceId),
        eq(calls.memberId, turn.memberId),
        eq(calls.status, 'done'),
        sql`address in ${[...new Set(addresses)]}`,
      ),
    );
  const known = new Set(rows.map((row) => row.address));
  return addresses.filter((address) => !known.has(address));
}

function readClock(now: Date, timeZone: string): { hour: number; weekday: Weekday } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hour: 'numeric',
    hourCycle: 'h23',
    weekday: 'short',
  }).formatToParts(now);
  const find = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return { hour: Number(find('hour')), weekday: find('weekday').toLowerCase() as Weekday };
}
