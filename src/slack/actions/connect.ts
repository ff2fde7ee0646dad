import { requestConnect, writeConnectLink } from '../../vault/accounts/request.ts';
import { buildConnectModal } from '../blocks/modals.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { readActor } from '../identity.ts';
import { findConnection, nameService } from '../services.ts';
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
  const link = await makeConnectLink(deps, actor, connection);
  const view = buildConnectModal(nameService(connection), link);
  await client.views.open({ trigger_id: body.trigger_id, view });
}

/** Pressing a link button tells us as well; the browser does the rest. */
export async function handleConnectOpen(_: SlackDeps, { ack }: ActionArgs): Promise<void> {
  await ack();
}

/** A fresh one-time link for a member to connect an account, asked for by themselves. */
export async function makeConnectLink(deps: SlackDeps, actor: Actor, connection: string): Promise<string> {
  const { vault } = deps.calls;
  const request = await requestConnect(vault, {
    workspaceId: actor.workspaceId,
    memberId: actor.memberId,
    connection,
    purpose: `Connect your ${nameService(connection)} account`,
    waiting: null,
  });
  return writeConnectLink(vault, request.id);
}
