import { webApi, type Logger } from '@slack/bolt';
import { DeskError } from '../errors.ts';
import type { Telemetry } from '../telemetry-types.ts';
import { createClientOptions } from './client-options.ts';
import type { InstallationRecords } from './installations.ts';
import type { Identity } from './own-identity.ts';

export interface SlackClients {
  /** @throws DeskError `not_allowed` when AgentDesk is not installed there; Slack's errors when it cannot be asked */
  identify(workspaceId: string): Promise<Identity>;
  forWorkspace(workspaceId: string): Promise<webApi.WebClient>;
  /** The one workspace of a bot token, asked of Slack; null when many may be installed. */
  identifyOnly(): Promise<Identity | null>;
  /** Forgets what was remembered of a workspace, after an uninstall or another install. */
  forget(workspaceId: string): void;
}

/**
 * Web API clients by workspace. Each has a client of its own, so that a token never serves another workspace and
 * one's rate limit does not hold up the others.
 * @param source the bot token of the one workspace, or the records of OAuth installs
 */
export function createSlackClients(options: {
  apiUrl: string;
  logger: Logger;
  telemetry: Telemetry;
  source: { botToken: string } | { installations: InstallationRecords };
}): SlackClients {
  const { source } = options;
  const known = new Map<string, { identity: Identity; client: webApi.WebClient }>();
  let only: Identity | null = null;
  const open = (token: string) =>
    new webApi.WebClient(token, createClientOptions(options.apiUrl, options.logger, options.telemetry));

  const identifyOnly = async (): Promise<Identity | null> => {
    if (!('botToken' in source)) return null;
    only ??= await askWhoWeAre(open(source.botToken), source.botToken);
    return only;
  };
  const find = async (workspaceId: string) => {
    const found = known.get(workspaceId);
    if (found !== undefined) return found;
    const identity =
      'botToken' in source ? await identifyOnly() : await source.installations.findIdentity(workspaceId);
    if (identity === null || identity.workspaceId !== workspaceId) {
      throw new DeskError('not_allowed', { reason: 'AgentDesk is not installed in that workspace' });
    }
    const entry = { identity, client: open(identity.botToken) };
    known.set(workspaceId, entry);
    return entry;
  };
  return {
    identify: async (workspaceId) => (await find(workspaceId)).identity,
    forWorkspace: async (workspaceId) => (await find(workspaceId)).client,
    identifyOnly,
    forget: (workspaceId) => {
      known.delete(workspaceId);
      if (only?.workspaceId === workspaceId) only = null;
    },
  };
}

async function askWhoWeAre(client: webApi.WebClient, botToken: string): Promise<Identity> {
  const answer = await client.auth.test();
  const enterpriseId = answer.enterprise_id ?? null;
  return {
    workspaceId: (answer.is_enterprise_install === true ? enterpriseId : answer.team_id) ?? '',
    enterpriseId,
    name: answer.team ?? '',
    botToken,
    botUserId: answer.user_id ?? '',
    botId: answer.bot_id ?? '',
  };
}
