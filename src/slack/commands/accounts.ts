import { listAccounts } from '../../vault/accounts/list.ts';
import { vouchForAccount } from '../../vault/accounts/record.ts';
import { DeskError } from '../../errors.ts';
import { writeConnectLink } from '../../vault/accounts/request.ts';
import { askToConnect } from '../actions/connect.ts';
import { disconnect } from '../actions/disconnect.ts';
import { describeConnect } from '../blocks/modals.ts';
import { header, oneLine } from '../blocks/text.ts';
import { findConnection, nameService, services, type Account } from '../services.ts';
import { say, type Command } from './command.ts';

const WHICH = 'Say which service: google or github.';

export const connect: Command = {
  usage: 'connect [google|github]',
  about: 'connect an account',
  async run(deps, { actor, words: [word] }) {
    const wanted = word === undefined ? services.map((one) => one.connection) : [findConnection(word)];
    const blocks = [];
    for (const connection of wanted) {
      if (connection === null) return say(`I do not know the service ${word ?? ''}. ${WHICH}`);
      const request = await askToConnect(deps, actor, connection);
      const asked = describeConnect(request, writeConnectLink(deps.calls.vault, request.id));
      blocks.push(header(asked.title), ...asked.blocks);
      // Whoever is not linked yet is linked first, once for all services.
      if (request.kind === 'link') break;
    }
    return { text: 'Connect an account', blocks };
  },
};

export const accounts: Command = {
  usage: 'accounts',
  about: 'list your connected accounts',
  async run(deps, { actor }) {
    const mine = await listAccounts(deps.calls.database, actor.workspaceId, actor.memberId);
    if (mine.length === 0) return say('No account is connected yet. Use /agentdesk connect.');
    return say(...mine.slice(0, 20).map(describe));
  },
};

export const disconnectCommand: Command = {
  usage: 'disconnect <google|github|id>',
  about: 'disconnect an account and revoke its access',
  async run(deps, { actor, words: [word = ''] }) {
    const mine = await listAccounts(deps.calls.database, actor.workspaceId, actor.memberId);
    const connection = findConnection(word);
    const id = word.toLowerCase();
    const chosen = mine.filter((account) =>
      connection === null ? id.length >= 6 && account.id.startsWith(id) : account.connection === connection,
    );
    const [account, ...others] = chosen;
    if (account === undefined)
      return say(
        `No account of yours matches that. ${WHICH} Or give its id:`,
        ...mine.slice(0, 20).map(describe),
      );
    if (others.length > 0)
      return say('There are several; give the id of one:', ...chosen.slice(0, 20).map(describe));
    return say(await disconnect(deps, account));
  },
};

export const account: Command = {
  usage: 'account approve ID',
  about: 'admins: vouch that a connected account is its member’s',
  async run(deps, { actor, words: [verb, id = ''] }) {
    if (verb !== 'approve') return say('Write it as /agentdesk account approve ID.');
    if (!(await deps.directory.isAdmin(actor)))
      return say(new DeskError('not_allowed', { reason: 'only an admin can vouch for an account' }).message);
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new DeskError('connect_expired');
    const label = await vouchForAccount(deps.calls.vault, actor.workspaceId, id, actor.memberId);
    return say(
      `The account ${oneLine(label, 320)} is connected; the audit names you as the one who vouched.`,
    );
  },
};

function describe(one: Account): string {
  const refused = one.status === 'refused' ? ' (refused; connect it again)' : '';
  return `• ${nameService(one.connection)}: ${oneLine(one.label, 200)}${refused} – id ${one.id.slice(0, 8)}`;
}
