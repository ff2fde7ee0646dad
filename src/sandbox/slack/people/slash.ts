import { isObject } from '../blocks/rules.ts';
import { Refusal } from '../refusal.ts';
import { APP, TEAM } from '../seed.ts';
import type { Json } from '../world.ts';
import type { Workspace } from '../workspace.ts';
import { respond } from '../web/respond.ts';
import { compose } from './composer.ts';
import { enter } from './talk.ts';

/**
 * Runs a slash command. Its text comes with mentions, channels and links escaped, as with `should_escape`.
 * @returns what the acknowledgement said; a late or bad answer is shown to the person as Slack does
 */
export async function slash(
  workspace: Workspace,
  userId: string,
  channel: string,
  command: string,
  text: string,
): Promise<{ response?: Json }> {
  const { user, conversation } = enter(workspace, userId, channel);
  const target = { channel: conversation.id, userId, messageTs: null, threadTs: null };
  const payload = {
    token: workspace.store.data.credentials.verificationToken,
    team_id: TEAM.id,
    team_domain: TEAM.domain,
    channel_id: conversation.id,
    channel_name: conversation.name,
    user_id: user.id,
    user_name: user.name,
    command,
    text: compose(text.trim(), workspace.store.data.users, true).text,
    api_app_id: APP.id,
    is_enterprise_install: 'false',
    response_url: workspace.origin() + workspace.responseUrls.issue(target),
    trigger_id: workspace.triggers.issue(userId),
  };
  const receipt = await workspace.delivery.ask('slash_commands', payload);
  if (receipt.status !== 'acked') {
    return fail(
      workspace,
      target,
      command,
      receipt.status === 'timeout' ? 'operation_timeout' : 'dispatch_failed',
    );
  }
  const answer = isObject(receipt.payload) ? receipt.payload : {};
  if (Object.keys(answer).length === 0) return {};
  try {
    respond(workspace, target, answer);
    return { response: answer };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    workspace.violations.record(command, error.error, JSON.stringify(error.extra));
    return fail(workspace, target, command, error.error);
  }
}

function fail(
  workspace: Workspace,
  target: Parameters<typeof respond>[1],
  command: string,
  error: string,
): { response: Json } {
  const response = { response_type: 'ephemeral', text: `${command} failed with the error "${error}"` };
  workspace.messages.add(target.channel, {
    user: 'USLACKBOT',
    text: response.text,
    ephemeralFor: target.userId,
  });
  return { response };
}
