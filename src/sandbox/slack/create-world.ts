import { findConversation, findUser } from './conversations.ts';
import type { PlannedFaults } from './faults.ts';
import { click, suggest } from './people/click.ts';
import { closeView, submitView } from './people/forms.ts';
import { slash } from './people/slash.ts';
import { openTab, stopSession } from './people/tabs.ts';
import { edit, say } from './people/talk.ts';
import { APP, GENERAL, imOf } from './seed.ts';
import type { Links } from './socket/links.ts';
import { wireUser } from './wire-user.ts';
import type { SlackWorld, User } from './world.ts';
import type { Workspace } from './workspace.ts';

/** The in-process face of the stand-in: what people see and do. */
export function createWorld(workspace: Workspace, planned: PlannedFaults, links: Links): SlackWorld {
  const { store, events, messages, modals } = workspace;
  const { data } = store;
  return {
    users: () => [...data.users],
    channels: (userId) => [
      { id: imOf(findUser(data, userId).id), name: APP.name, kind: 'im' },
      { id: GENERAL, name: 'general', kind: 'channel' },
    ],
    messages: (channel, viewerId) => {
      const { id, members } = findConversation(data, channel);
      if (!members.includes(viewerId)) return [];
      return messages.in(id).filter((one) => (one.ephemeralFor ?? viewerId) === viewerId);
    },
    sessions: (channel) => [...(data.sessions[channel] ?? [])],
    suggestedPrompts: (channel) => data.prompts[channel] ?? null,
    view: (userId) => modals.top(userId),
    home: (userId) => data.homes[userId] ?? null,
    say: (userId, channel, text, threadTs) => say(workspace, userId, channel, text, threadTs),
    edit: (userId, channel, ts, text) => edit(workspace, userId, channel, ts, text),
    slash: (userId, channel, command, text) => slash(workspace, userId, channel, command, text),
    click: (userId, target, choice) => click(workspace, userId, target, choice),
    suggest: (userId, target, choice) => suggest(workspace, userId, target, choice),
    submitView: (userId, viewId, values) => submitView(workspace, userId, viewId, values),
    closeView: (userId, viewId) => closeView(workspace, userId, viewId),
    openHome: async (userId) => openTab(workspace, userId, 'home'),
    openMessagesTab: async (userId) => openTab(workspace, userId, 'messages'),
    stopSession: (userId, channel, threadTs) => stopSession(workspace, userId, channel, threadTs),
    setUser: (userId, patch) => {
      const user: User = { ...findUser(data, userId), ...patch };
      data.users = data.users.map((one) => (one.id === userId ? user : one));
      store.touch();
      const stamp = store.nextTs();
      const wire = wireUser(user, workspace.now(), workspace.scopes.includes('users:read.email'));
      events.emit('user_change', {
        type: 'user_change',
        user: wire,
        event_ts: stamp,
        cache_ts: Number(stamp.split('.')[0]),
      });
    },
    uninstall: () => {
      data.installed = false;
      store.touch();
      const stamp = store.nextTs();
      events.emit('tokens_revoked', {
        type: 'tokens_revoked',
        tokens: { oauth: [], bot: [APP.botUser] },
        event_ts: stamp,
      });
      events.emit('app_uninstalled', { type: 'app_uninstalled', event_ts: stamp });
    },
    violations: () => workspace.violations.list(),
    onChange: (listener) => store.onChange(listener),
    faults: {
      failNext: (method, fault, times = 1) => planned.add(method, fault, times),
      disconnectSockets: (options) => links.disconnect(options?.abrupt === true),
      redeliver: (eventId) => events.redeliver(eventId),
    },
  };
}
