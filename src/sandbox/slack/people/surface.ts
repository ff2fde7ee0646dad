import { findUser } from '../conversations.ts';
import { formValues } from '../form-state.ts';
import { APP, TEAM, userOfIm } from '../seed.ts';
import { wireMessage } from '../wire-message.ts';
import type { Workspace } from '../workspace.ts';
import type { ClickTarget, Json } from '../world.ts';
import { enter } from './talk.ts';

/** What every interaction payload says about who acted and for which app. */
export function actorPart(workspace: Workspace, userId: string): Json {
  const user = findUser(workspace.store.data, userId);
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: TEAM.id },
    api_app_id: APP.id,
    token: workspace.store.data.credentials.verificationToken,
    team: { id: TEAM.id, domain: TEAM.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Where an element sits: its blocks, and what a payload says about the place. */
export interface Surface {
  readonly blocks: unknown;
  readonly part: Json;
  /** The view it is in; null in a message. */
  readonly viewId: string | null;
  readonly home: boolean;
}

function messageSurface(workspace: Workspace, userId: string, channelId: string, ts: string): Surface {
  const { conversation } = enter(workspace, userId, channelId);
  const channel = conversation.id;
  const seen = workspace.messages.find(channel, ts);
  const own = workspace.messages.findEphemeral(channel, ts);
  const message = seen ?? (own?.ephemeralFor === userId ? own : undefined);
  if (message === undefined) throw new Error('That message is gone.');
  const hidden = message.ephemeralFor !== undefined;
  const thread = message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts };
  const path = workspace.responseUrls.issue({
    channel,
    userId,
    messageTs: ts,
    threadTs: message.thread_ts ?? null,
  });
  const part = {
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: hidden, ...thread },
    channel: { id: channel, name: userOfIm(channel) === null ? conversation.name : 'directmessage' },
    ...(hidden ? {} : { message: wireMessage(message) }),
    state: { values: formValues(message.blocks) },
    response_url: workspace.origin() + path,
  };
  return { blocks: message.blocks, part, viewId: null, home: false };
}

/** @throws Error when it is not there, or not there for this person */
export function findSurface(workspace: Workspace, userId: string, target: ClickTarget): Surface {
  if ('ts' in target) return messageSurface(workspace, userId, target.channel, target.ts);
  const open = 'viewId' in target ? workspace.modals.top(userId) : null;
  const view = 'home' in target ? (workspace.store.data.homes[userId] ?? null) : (open?.view ?? null);
  if (view === null || ('viewId' in target && view['id'] !== target.viewId))
    throw new Error('That view is closed.');
  const viewId = String(view['id']);
  const part = { container: { type: 'view', view_id: viewId }, view };
  return { blocks: view['blocks'], part, viewId, home: 'home' in target };
}
