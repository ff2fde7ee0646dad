import { vouchForLink } from '../../vault/accounts/link/confirm.ts';
import { requestLink, writeConnectLink } from '../../vault/accounts/request.ts';
import { DeskError } from '../../errors.ts';
import { describeConnect } from '../blocks/modals.ts';
import { header } from '../blocks/text.ts';
import type { SlackDeps } from '../deps.ts';
import { say, type Command, type CommandInput, type CommandReply } from './command.ts';

export const link: Command = {
  usage: 'link [approve ID]',
  about: 'link yourself to your identity at the Auth0 tenant; admins: vouch for a member’s',
  run(deps, input) {
    const [verb, id = ''] = input.words;
    if (deps.calls.vault.linking === null)
      return Promise.resolve(
        say('There is no Auth0 tenant here: AgentDesk knows you by your Slack account.'),
      );
    if (verb === undefined) return showLink(deps, input);
    if (verb.toLowerCase() === 'approve') return vouch(deps, input, id.toLowerCase());
    return Promise.resolve(say('Write it as /agentdesk link, or link approve ID.'));
  },
};

async function showLink({ calls }: SlackDeps, { actor }: CommandInput): Promise<CommandReply> {
  const request = await requestLink(calls.vault, actor);
  const { title, blocks } = describeConnect(request, writeConnectLink(calls.vault, request.id));
  return { text: title, blocks: [header(title), ...blocks] };
}

async function vouch(deps: SlackDeps, { actor }: CommandInput, id: string): Promise<CommandReply> {
  if (!(await deps.directory.isAdmin(actor)))
    throw new DeskError('not_allowed', { reason: 'only an admin can vouch for a link' });
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new DeskError('connect_expired');
  const { workspaceId, memberId } = actor;
  const linked = await vouchForLink(deps.calls.vault, workspaceId, id, memberId);
  return say(
    linked === 'connected'
      ? 'The member is linked; the audit names you as the one who vouched.'
      : 'You vouched. The member was linked to another identity before, so they have to approve the change, too.',
  );
}
