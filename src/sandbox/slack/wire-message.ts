import { APP, TEAM } from './seed.ts';
import type { Json, Message } from './world.ts';

const BOT_PROFILE = {
  id: APP.botId,
  app_id: APP.id,
  user_id: APP.botUser,
  name: APP.name,
  deleted: false,
  updated: 0,
  team_id: TEAM.id,
  icons: {},
};

/** A message as the Web API and events carry it. */
export function wireMessage(message: Message, options: { metadata?: boolean } = {}): Json {
  const { ts, thread_ts, user, text, bot_id, blocks, metadata, edited, files, client_msg_id } = message;
  return {
    ...(client_msg_id === undefined ? {} : { client_msg_id }),
    type: 'message',
    user,
    ts,
    text,
    team: TEAM.id,
    ...(bot_id === undefined ? {} : { bot_id, app_id: APP.id, bot_profile: BOT_PROFILE }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(thread_ts === undefined ? {} : { thread_ts }),
    ...(edited === undefined ? {} : { edited }),
    ...(files === undefined ? {} : { files }),
    ...(options.metadata === true && metadata !== undefined ? { metadata } : {}),
  };
}
