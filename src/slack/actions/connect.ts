import { requestConnect, writeConnectLink } from '../../vault/accounts/request.ts';
import { buildConnectModal } from '../blocks/modals.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { readActor } from '../identity.ts';
import { findConnection, nameService, type ConnectRequest } from '../services.ts';
import { answer } from './answer.ts';
import { valueOf } from './value.ts';

/** Connect in Home: a link of one's own, in a modal nobody else sees. */
export async function handleConnect(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const { body, client, context } = args;
  const actor = readActor(context, body.user);
  const connection = findConnection(valueOf(args));
  const refused = await deps.directory.checkMember(actor);
  if (refused !== null) return answer(deps, args, actor, refused.message);
  if (connection === null) return;
  const request = await askToConnect(deps, actor, connection);
  const view = buildConnectModal(request, writeConnectLink(deps.calls.vault, request.id));
  await client.views.open({ trigger_id: body.trigger_id, view });
}

/** Pressing a link button tells us as well; the browser does the rest. */
export async function handleConnectOpen(_: SlackDeps, { ack }: ActionArgs): Promise<void> {
  await ack();
}

/**
 * A fresh one-time request for a member to connect an account, asked for by themselves; or, of one who is not linked to
 * the tenant yet, to be linked first.
 */
export function askToConnect(deps: SlackDeps, actor: Actor, connection: string): Promise<ConnectRequest> {
  return requestConnect(deps.calls.vault, {
    workspaceId: actor.workspaceId,
    memberId: actor.memberId,
    connection,
    purpose: `Connect your ${nameService(connection)} account`,
    level: 'all',
    waiting: null,
  });
}
