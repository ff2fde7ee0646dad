import { z } from 'zod';
import type { MemberProfile } from '../../calls/deps.ts';
import { DeskError } from '../../errors.ts';
import type { Log } from '../../telemetry.ts';
import type { SlackClients } from '../clients.ts';
import { isSlackError } from '../slack-errors.ts';
import { ownDomain, readDomains } from './mail-domains.ts';
import { person, standingOf, type Person, type Standing } from './person.ts';
import { createUserGroups } from './user-groups.ts';

/** Who acted, by stable ids only. */
export interface Actor {
  readonly workspaceId: string;
  readonly memberId: string;
  /** The team the payload says they belong to. */
  readonly teamId: string | null;
}

export interface Directory {
  /** What Slack says of a member; at most a minute old. */
  describeMember(workspaceId: string, memberId: string): Promise<MemberProfile>;
  /** Asked of Slack now. @returns why this person may not decide anything, or null when they may */
  checkClicker(actor: Actor): Promise<DeskError | null>;
  /** @returns why this person may not use AgentDesk at all, or null when they may; at most a minute old */
  checkMember(actor: Actor): Promise<DeskError | null>;
  /** Asked of Slack now. */
  isAdmin(actor: Actor): Promise<boolean>;
  /** Asked of Slack now. @returns whether the member is deactivated, or Slack knows none of that id any more */
  hasLeft(workspaceId: string, memberId: string): Promise<boolean>;
  /** The workspace's admins and owners, asked of Slack now. @returns member ids */
  listAdmins(workspaceId: string): Promise<string[]>;
}

const KEPT_MS = 60_000;
const KEPT_PEOPLE = 2_000;

const REASONS: Readonly<Record<Exclude<Standing, 'admin' | 'member'>, string>> = {
  guest: 'guests cannot decide',
  bot: 'bots cannot use AgentDesk',
  deactivated: 'this account is deactivated',
  stranger: 'you belong to another workspace',
};

/** People as Slack describes them. Everything kept is kept under workspace and user, never user alone. */
export function createDirectory(options: {
  clients: SlackClients;
  log: Pick<Log, 'warn'>;
  now: () => Date;
}): Directory {
  const { clients, now } = options;
  const userGroups = createUserGroups(options);
  const people = new Map<string, { who: Person; at: number }>();
  const domains = new Map<string, { list: string[]; at: number }>();

  const ask = async (workspaceId: string, memberId: string): Promise<Person> => {
    const client = await clients.forWorkspace(workspaceId);
    const who = person.parse((await client.users.info({ user: memberId })).user);
    const oldest = people.keys().next();
    if (people.size >= KEPT_PEOPLE && oldest.done !== true) people.delete(oldest.value);
    people.set(`${workspaceId}/${memberId}`, { who, at: now().getTime() });
    return who;
  };
  const find = async (workspaceId: string, memberId: string): Promise<Person> => {
    const kept = people.get(`${workspaceId}/${memberId}`);
    if (kept !== undefined && now().getTime() - kept.at < KEPT_MS) return kept.who;
    return ask(workspaceId, memberId);
  };
  const findDomains = async (workspaceId: string): Promise<string[]> => {
    const kept = domains.get(workspaceId);
    if (kept !== undefined && now().getTime() - kept.at < KEPT_MS) return kept.list;
    const list = await askDomains(clients, workspaceId);
    domains.set(workspaceId, { list, at: now().getTime() });
    return list;
  };
  const judge = async (actor: Actor, look: typeof find): Promise<Standing> => {
    const home = await clients.identify(actor.workspaceId);
    const who = await look(actor.workspaceId, actor.memberId).catch((error: unknown) => {
      if (isSlackError(error, 'user_not_found', 'user_not_visible')) return null;
      throw error;
    });
    if (who === null) return 'stranger';
    const teams = [actor.workspaceId, who.team_id];
    if (actor.teamId !== null && !teams.includes(actor.teamId) && home.enterpriseId === null)
      return 'stranger';
    return standingOf(who, home);
  };
  const refuse = (standing: Standing): DeskError | null =>
    standing === 'admin' || standing === 'member'
      ? null
      : new DeskError('not_allowed', { reason: REASONS[standing] });
  return {
    async describeMember(workspaceId, memberId) {
      const [who, home] = [await find(workspaceId, memberId), await clients.identify(workspaceId)];
      const standing = standingOf(who, home);
      const email = who.profile.email ?? null;
      return {
        name: who.profile.real_name ?? who.real_name ?? who.name,
        email,
        timeZone: readZone(who.tz),
        role: standing === 'admin' || standing === 'member' ? standing : 'guest',
        groups: await userGroups.of(workspaceId, memberId, who.team_id ?? workspaceId),
        ownDomains: [
          ...new Set([
            ...(await findDomains(workspaceId)),
            // A guest's domain is another organisation's.
            ...(standing === 'guest' ? [] : [ownDomain(email)].filter((domain) => domain !== null)),
          ]),
        ],
      };
    },
    checkClicker: async (actor) => refuse(await judge(actor, ask)),
    async checkMember(actor) {
      const standing = await judge(actor, find);
      return standing === 'guest' ? null : refuse(standing);
    },
    isAdmin: async (actor) => (await judge(actor, ask)) === 'admin',
    async hasLeft(workspaceId, memberId) {
      try {
        return (await ask(workspaceId, memberId)).deleted;
      } catch (error) {
        if (isSlackError(error, 'user_not_found')) return true;
        throw error;
      }
    },
    listAdmins: (workspaceId) => askAdmins(clients, workspaceId),
  };
}

function readZone(zone: string | null | undefined): string {
  return zone !== null && zone !== undefined && zone !== '' ? zone : 'Etc/UTC';
}

/** The workspace's own domains; none when the app may not ask. */
async function askDomains(clients: SlackClients, workspaceId: string): Promise<string[]> {
  const client = await clients.forWorkspace(workspaceId);
  try {
    const { team } = await client.team.info();
    return readDomains(team?.email_domain ?? '');
  } catch (error) {
    if (isSlackError(error, 'missing_scope', 'team_not_found', 'no_permission')) return [];
    throw error;
  }
}

const PAGE = 1_000;
const PAGES = 50;

async function askAdmins(clients: SlackClients, workspaceId: string): Promise<string[]> {
  const [client, home] = [await clients.forWorkspace(workspaceId), await clients.identify(workspaceId)];
  const admins: string[] = [];
  let cursor = '';
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await client.users.list({ limit: PAGE, ...(cursor === '' ? {} : { cursor }) });
    const people = z.array(person).parse(answer.members ?? []);
    admins.push(...people.filter((who) => standingOf(who, home) === 'admin').map((who) => who.id));
    cursor = answer.response_metadata?.next_cursor ?? '';
    if (cursor === '') break;
  }
  return admins;
}
