import type { AuditFilter, AuditScope } from '../../audit/read/filter.ts';
import { listLines, type AuditLine, type AuditLines, type Place } from '../../audit/read/lines.ts';
import { readStory, type Story } from '../../audit/read/story.ts';
import type { AuditRow } from '../../audit/query.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { nameMembers } from './name-members.ts';

/** Who reads, and how what they read is worded. */
export interface Reader {
  readonly memberId: string;
  /** Whether they see the whole workspace. */
  readonly isAdmin: boolean;
  /** IANA zone for days and times. */
  readonly zone: string;
  /** How members are called, by id. */
  readonly names: ReadonlyMap<string, string>;
}

export interface AuditPage extends AuditLines {
  readonly filter: AuditFilter;
  readonly reader: Reader;
}

/**
 * What a person may read of their workspace's audit: an admin all of it, anyone else, guests too, what was done on
 * their own behalf. Slack is asked now who is an admin.
 */
export async function findScope(
  deps: SlackDeps,
  { workspaceId, memberId, teamId }: Actor,
): Promise<AuditScope> {
  const isAdmin = await deps.directory.isAdmin({ workspaceId, memberId, teamId });
  const { timeZone } = await deps.directory.describeMember(workspaceId, memberId);
  return { workspaceId, memberId: isAdmin ? null : memberId, zone: timeZone };
}

/** A page of the timeline, newest first. */
export async function readTimeline(
  deps: SlackDeps,
  actor: Actor,
  filter: AuditFilter,
  page: { readonly place: Place; readonly limit: number },
): Promise<AuditPage> {
  const scope = await findScope(deps, actor);
  const found = await listLines(deps.calls.database, scope, filter, page);
  const rows = found.lines.flatMap(({ head, steps }) => [head, ...steps]);
  return { ...found, filter, reader: await describeReader(deps, actor, scope, rows, filter.member) };
}

/** The story an entry is part of. @returns null when there is none that this person may see */
export async function readStoryFor(
  deps: SlackDeps,
  actor: Actor,
  headId: number,
): Promise<{ readonly story: Story; readonly reader: Reader } | null> {
  const scope = await findScope(deps, actor);
  const story = await readStory(deps.calls.database, scope, headId);
  if (story === null) return null;
  return { story, reader: await describeReader(deps, actor, scope, story.events) };
}

/** @param also someone else who is named, such as whom a filter is about */
async function describeReader(
  deps: SlackDeps,
  { workspaceId, memberId }: Actor,
  scope: AuditScope,
  rows: readonly AuditRow[],
  also?: string,
): Promise<Reader> {
  const ids = rows.flatMap((row) => [row.memberId, /^member:([UW][A-Z0-9]{2,20})$/.exec(row.actor)?.[1]]);
  const known = [...ids, also].filter((id): id is string => typeof id === 'string' && id !== memberId);
  const names = await nameMembers(deps, workspaceId, known);
  return { memberId, isAdmin: scope.memberId === null, zone: scope.zone, names };
}

/** Whether something in it was not done on behalf of the one who reads. */
export function showsOthers(
  { memberId }: Pick<Actor, 'memberId'>,
  lines: readonly Pick<AuditLine, 'head'>[],
): boolean {
  return lines.some(({ head }) => head.memberId !== memberId);
}
