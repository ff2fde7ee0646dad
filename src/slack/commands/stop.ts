import { resume as lift, stop as halt } from '../../calls/stop.ts';
import type { StopScope } from '../../calls/void-open.ts';
import { DeskError } from '../../errors.ts';
import type { SlackDeps } from '../deps.ts';
import { say, type Command, type CommandInput } from './command.ts';

export const stop: Command = {
  usage: 'stop [all]',
  about: 'stop everything of yours; admins: of everyone here',
  async run(deps, input) {
    const scope = await readScope(deps, input);
    if (scope instanceof DeskError) return say(scope.message);
    const unsettled = await halt(deps.calls, scope, `member:${input.actor.memberId}`);
    const whom = scope.memberId === null ? 'for everyone in this workspace' : 'for you';
    const rest =
      unsettled.length === 0
        ? 'Nothing is under way.'
        : `These had begun and may still happen: ${unsettled.map((call) => call.code).join(', ')}.`;
    const back = scope.memberId === null ? '/agentdesk resume all' : '/agentdesk resume';
    return say(`Stopped ${whom}. What waited for a decision is void. ${rest} Go on with ${back}.`);
  },
};

export const resume: Command = {
  usage: 'resume [all]',
  about: 'go on after a stop; nothing that was void comes back',
  async run(deps, input) {
    const scope = await readScope(deps, input);
    if (scope instanceof DeskError) return say(scope.message);
    await lift(deps.calls, scope, `member:${input.actor.memberId}`);
    return say(scope.memberId === null ? 'Resumed for the workspace.' : 'Resumed for you. Ask me again.');
  },
};

async function readScope(
  deps: SlackDeps,
  { actor, words: [word] }: CommandInput,
): Promise<StopScope | DeskError> {
  const { workspaceId, memberId } = actor;
  if (word?.toLowerCase() !== 'all') return { workspaceId, memberId };
  if (await deps.directory.isAdmin(actor)) return { workspaceId, memberId: null };
  return new DeskError('not_allowed', { reason: 'only an admin can do that for everyone' });
}
