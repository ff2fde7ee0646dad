import { disconnectAccount } from '../../vault/accounts/disconnect.ts';
import { listAccounts } from '../../vault/accounts/list.ts';
import type { Revoked } from '../../vault/accounts/revoke.ts';
import { tellError } from '../decide-as.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { readActor } from '../identity.ts';
import { nameService, type Account } from '../services.ts';
import { answer } from './answer.ts';
import { valueOf } from './value.ts';

/** Disconnect in Home, confirmed there. The account is looked for among the member's own. */
export async function handleDisconnect(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  const mine = await listAccounts(deps.calls.database, actor.workspaceId, actor.memberId);
  const account = mine.find((one) => one.id === valueOf(args));
  const sentence =
    account === undefined ? 'That account is not connected any more.' : await disconnect(deps, account);
  await answer(deps, args, actor, sentence);
}

const SENTENCES: Readonly<Record<Revoked, (name: string) => string>> = {
  revoked: (name) => `Your ${name} is disconnected and its access revoked.`,
  not_revoked: (name) =>
    `Your ${name} is disconnected here, but the service did not confirm it. Remove AgentDesk in the account's own settings too.`,
  later: (name) =>
    `Your ${name} is disconnected here and cannot be used any more. The service does not answer, so its access is revoked as soon as it does; I will tell you.`,
};

/** A revocation at Google ends the whole grant of our client: https://developers.google.com/identity/protocols/oauth2 */
const WIDE =
  ' Google ends all access AgentDesk had to that account with it, also where it was connected elsewhere.';

/** @returns what came of it, as a sentence */
export async function disconnect(deps: SlackDeps, account: Account): Promise<string> {
  const name = `${nameService(account.connection)} account ${account.label}`;
  try {
    const revoked = await disconnectAccount(deps.calls.vault, account, `member:${account.memberId}`);
    const wide = revoked === 'revoked' && account.connection === 'google-oauth2' ? WIDE : '';
    return `${SENTENCES[revoked](name)}${wide}`;
  } catch (error) {
    return tellError(deps, error, 'disconnecting failed');
  }
}
