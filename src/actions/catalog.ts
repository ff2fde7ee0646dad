import type { Action } from './action.ts';
import { eventsDelete } from './calendar/events-delete.ts';
import { eventsInsert } from './calendar/events-insert.ts';
import { eventsList } from './calendar/events-list.ts';
import { eventsPatch } from './calendar/events-patch.ts';
import { freebusyQuery } from './calendar/freebusy-query.ts';
import { issuesCreateComment } from './github/issues-create-comment.ts';
import { issuesCreate } from './github/issues-create.ts';
import { issuesGet } from './github/issues-get.ts';
import { issuesList } from './github/issues-list.ts';
import { issuesUpdate } from './github/issues-update.ts';
import { reposList } from './github/repos-list.ts';
import { draftsCreate } from './gmail/drafts-create.ts';
import { messagesGet } from './gmail/messages-get.ts';
import { messagesList } from './gmail/messages-list.ts';
import { messagesSend } from './gmail/messages-send.ts';

/**
 * Everything the agent can do. Arguments differ from action to action; whoever calls one checks them first,
 * with `readArguments` what the model gave and with the action's `args` what was stored.
 */
export const catalog: readonly Action[] = [
  eventsList,
  freebusyQuery,
  eventsInsert,
  eventsPatch,
  eventsDelete,
  messagesList,
  messagesGet,
  draftsCreate,
  messagesSend,
  reposList,
  issuesList,
  issuesGet,
  issuesCreate,
  issuesCreateComment,
  issuesUpdate,
];

/** @param id the provider's method name, `gmail.messages.send` */
export function findAction(id: string): Action | undefined {
  return catalog.find((action) => action.id === id);
}

/** @param toolName as the model writes it, `gmail_messages_send` */
export function findActionByTool(toolName: string): Action | undefined {
  return catalog.find((action) => toToolName(action.id) === toolName);
}

/** The name of an action's tool: model providers allow no dots in it. */
export function toToolName(id: string): string {
  return id.replaceAll('.', '_');
}
