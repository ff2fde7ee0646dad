import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Log } from '../../telemetry.ts';
import type { SlackClients } from '../clients.ts';

const KEPT_MS = 60_000;
/** After a failure Slack is left alone for this long. */
const AGAIN_MS = 15_000;
const KEPT_TEAMS = 500;

/** What is used of `usergroups.list` with `include_users` (https://docs.slack.dev/reference/methods/usergroups.list). */
const answer = z.array(z.object({ id: z.string(), users: z.array(z.string()) }));

/** Members by group id; null when Slack did not say. */
type Groups = ReadonlyMap<string, ReadonlySet<string>> | null;

export interface UserGroups {
  /**
   * Ids of the user groups a member is in, at most a minute old.
   * @param teamId the member's team; an organisation's token needs it to know whose groups are meant
   * @returns null when Slack did not say; rules that depend on groups then refuse
   */
  of(workspaceId: string, memberId: string, teamId: string): Promise<string[] | null>;
}

/** One question for each team a minute, however many members ask. */
export function createUserGroups(options: {
  clients: SlackClients;
  log: Pick<Log, 'warn'>;
  now: () => Date;
}): UserGroups {
  const { clients, log, now } = options;
  const kept = new Map<string, { groups: Promise<Groups>; until: number }>();

  const ask = async (key: string, workspaceId: string, teamId: string): Promise<Groups> => {
    try {
      return await list(await clients.forWorkspace(workspaceId), teamId === workspaceId ? null : teamId);
    } catch (error) {
      log.warn({ err: error, workspace: workspaceId }, 'Slack did not say who is in which user group');
      const entry = kept.get(key);
      if (entry !== undefined) entry.until = now().getTime() + AGAIN_MS;
      return null;
    }
  };
  const find = (workspaceId: string, teamId: string): Promise<Groups> => {
    const key = `${workspaceId}/${teamId}`;
    const known = kept.get(key);
    if (known !== undefined && now().getTime() < known.until) return known.groups;
    kept.delete(key);
    const [oldest] = kept.size >= KEPT_TEAMS ? kept.keys() : [];
    if (oldest !== undefined) kept.delete(oldest);
    const entry = { groups: Promise.resolve<Groups>(null), until: now().getTime() + KEPT_MS };
    kept.set(key, entry);
    entry.groups = ask(key, workspaceId, teamId);
    return entry.groups;
  };
  return {
    async of(workspaceId, memberId, teamId) {
      const groups = await find(workspaceId, teamId);
      if (groups === null) return null;
      return [...groups].filter(([, users]) => users.has(memberId)).map(([id]) => id);
    },
  };
}

/** Groups that were switched off are left out by Slack. */
async function list(client: webApi.WebClient, teamId: string | null): Promise<Groups> {
  const { usergroups } = await client.usergroups.list({
    include_users: true,
    ...(teamId === null ? {} : { team_id: teamId }),
  });
  return new Map(answer.parse(usergroups).map(({ id, users }) => [id, new Set(users)]));
}
