import type { Installation, InstallationStore } from '@slack/bolt';
import type { Database } from '../db/client.ts';
import { eq, sql } from '../db/drizzle.ts';
import { installations, workspaces } from '../db/schema/workspaces.ts';
import type { Keyring } from '../db/seal.ts';
import { DeskError } from '../errors.ts';
import type { Identity } from './own-identity.ts';

/** Installs made by OAuth: what Bolt stores, and what we read of it. Tokens are sealed under the workspace's id. */
export interface InstallationRecords extends InstallationStore {
  /** Who we are in a workspace; null when AgentDesk is not installed there. */
  findIdentity(workspaceId: string): Promise<Identity | null>;
}

interface Store {
  readonly database: Database;
  readonly keyring: Keyring;
}

/** @param onChange told of a workspace whose token is new */
export function createInstallations(
  { database, keyring }: Store,
  onChange: (workspaceId: string) => void,
): InstallationRecords {
  const find = async (workspaceId: string): Promise<Installation | null> => {
    const [row] = await database.db
      .select()
      .from(installations)
      .where(eq(installations.workspaceId, workspaceId));
    if (row === undefined) return null;
    return JSON.parse(
      keyring.open('slack-installation', [workspaceId], row.installationSealed),
    ) as Installation;
  };
  return {
    async storeInstallation(installation) {
      const identity = identityOf(installation);
      if (identity === null) throw new DeskError('connect_failed', { problem: 'Slack gave no bot token' });
      const { workspaceId } = identity;
      const sealed = keyring.seal('slack-installation', [workspaceId], JSON.stringify(installation));
      const values = {
        installationSealed: sealed,
        isEnterprise: installation.isEnterpriseInstall === true,
        installedAt: new Date(),
      };
      await database.db
        .insert(installations)
        .values({ workspaceId, ...values })
        .onConflictDoUpdate({ target: installations.workspaceId, set: values });
      await recordWorkspace(database, identity);
      onChange(workspaceId);
    },
    async fetchInstallation(query) {
      const found = await find((query.isEnterpriseInstall ? query.enterpriseId : query.teamId) ?? '');
      if (found === null) throw new DeskError('not_allowed', { reason: 'AgentDesk is not installed there' });
      // The store's type ties kind of install and result together; what was stored for the query is of its kind.
      return found;
    },
    async findIdentity(workspaceId) {
      const found = await find(workspaceId);
      return found === null ? null : identityOf(found);
    },
  };
}

function identityOf(installation: Installation): Identity | null {
  const { bot, team, enterprise } = installation;
  const owner = installation.isEnterpriseInstall === true ? enterprise : team;
  if (bot === undefined || owner === undefined) return null;
  return {
    workspaceId: owner.id,
    enterpriseId: enterprise?.id ?? null,
    name: owner.name ?? owner.id,
    botToken: bot.token,
    botUserId: bot.userId,
    botId: bot.id,
  };
}

/** Notes that AgentDesk is installed in a workspace, now. */
export async function recordWorkspace(database: Database, identity: Identity): Promise<void> {
  const { workspaceId, enterpriseId, name, botUserId } = identity;
  await database.db
    .insert(workspaces)
    .values({ id: workspaceId, enterpriseId, name, botUserId })
    .onConflictDoUpdate({ target: workspaces.id, set: { name, botUserId, uninstalledAt: null } });
}

/** Notes that the workspace removed AgentDesk; its token is deleted. */
export async function markUninstalled(database: Database, workspaceId: string): Promise<void> {
  await database.transaction(async (tx) => {
    await tx
      .update(workspaces)
      .set({ uninstalledAt: sql`clock_timestamp()` })
      .where(eq(workspaces.id, workspaceId));
    await tx.delete(installations).where(eq(installations.workspaceId, workspaceId));
  });
}
