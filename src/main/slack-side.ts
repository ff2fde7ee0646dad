import { catalog } from '../actions/catalog.ts';
import { createBoltLog } from '../slack/bolt-log.ts';
import { createSlackClients, type SlackClients } from '../slack/clients.ts';
import { requestChangeApproval } from '../policy/changes/request.ts';
import { announce } from '../slack/deliver/announce.ts';
import { notifyMember } from '../slack/deliver/notify.ts';
import { tellMoved } from '../slack/deliver/policy-moved.ts';
import { postCard } from '../slack/deliver/post-card.ts';
import { redrawCard } from '../slack/deliver/tell.ts';
import type { WorkDeps } from '../slack/deps.ts';
import { createDirectory } from '../slack/directory/directory.ts';
import { createInstallations, type InstallationRecords } from '../slack/installations.ts';
import type { Telemetry } from '../telemetry-types.ts';
import type { Log } from '../telemetry.ts';
import type { Desk } from './desk.ts';
import type { SlackAccess } from './far-side.ts';

/**
 * What the desk needs of Slack before it exists (who a member is, telling them of an account), and what Slack's door
 * needs of the desk: tied together here, so that the rooms do not know each other.
 */
export function openSlackSide(slack: SlackAccess, telemetry: Telemetry, log: Log) {
  let bound: { desk: Desk; records: InstallationRecords | null } | null = null;
  const records = (): InstallationRecords => {
    if (bound?.records === null || bound === null)
      throw new Error('installations are read before the desk is open');
    return bound.records;
  };
  const clients: SlackClients = createSlackClients({
    apiUrl: slack.config.apiUrl,
    logger: createBoltLog(log),
    telemetry,
    source: slack.botToken === null ? { installations: lateRecords(records) } : { botToken: slack.botToken },
  });
  const directory = createDirectory({ clients, log, now: () => new Date() });
  return {
    hooks: {
      describeMember: (workspaceId: string, memberId: string) =>
        directory.describeMember(workspaceId, memberId),
      onAccountChange: (
        tx: Parameters<typeof notifyMember>[0],
        change: Parameters<typeof notifyMember>[2],
      ) => {
        if (bound === null) throw new Error('an account changed before the desk was open');
        return notifyMember(tx, bound.desk.jobs, change);
      },
      announce: (tx: Parameters<typeof announce>[0], news: Parameters<typeof announce>[2]) => {
        if (bound === null) throw new Error('a passkey changed before the desk was open');
        return announce(tx, bound.desk.jobs, news);
      },
      postCard: (tx: Parameters<typeof postCard>[0], approval: Parameters<typeof postCard>[2]) => {
        if (bound === null) throw new Error('an approval was asked for before the desk was open');
        return postCard(tx, bound.desk.jobs, approval);
      },
      redraw: (approval: Parameters<typeof redrawCard>[1], mark: string) => {
        if (bound === null) throw new Error('a device answered before the desk was open');
        return redrawCard({ calls: bound.desk.deps }, approval, mark);
      },
    },
    bind(desk: Desk): WorkDeps {
      const { database, deps } = desk;
      bound = {
        desk,
        records:
          slack.botToken === null
            ? createInstallations({ database, keyring: deps.keyring }, (workspaceId) => {
                clients.forget(workspaceId);
              })
            : null,
      };
      return {
        calls: deps,
        policy: {
          database,
          keyring: deps.keyring,
          catalog: catalog.map(({ id, service, risk }) => ({ id, service, risk })),
          onMoved: (tx, moved) => tellMoved(tx, deps, moved),
          onPending: (tx, version) =>
            requestChangeApproval(
              tx,
              {
                approvals: deps.approvals,
                approvalSeconds: deps.approvalSeconds,
                postCard: (inTx, approval) => postCard(inTx, desk.jobs, approval),
              },
              version,
            ),
        },
        fillForm: desk.model.fill?.bind(desk.model) ?? null,
        clients,
        directory,
        catalog: catalog.map(({ id, service, risk, description }) => ({ id, service, risk, description })),
        model: desk.model.label,
        run: (turnId) => desk.agent.run(turnId),
      };
    },
    installations: () => bound?.records ?? null,
  };
}

/** Records that are looked up when first used: the database they are in is opened later than the clients. */
function lateRecords(records: () => InstallationRecords): InstallationRecords {
  return {
    findIdentity: (workspaceId) => records().findIdentity(workspaceId),
    storeInstallation: (installation) => records().storeInstallation(installation),
    fetchInstallation: (query) => records().fetchInstallation(query),
  };
}
