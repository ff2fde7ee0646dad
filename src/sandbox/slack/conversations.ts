import { Refusal } from './refusal.ts';
import { APP, GENERAL, imOf, userOfIm } from './seed.ts';
import type { Snapshot } from './store.ts';
import type { User } from './world.ts';

export interface Conversation {
  readonly id: string;
  readonly kind: 'im' | 'channel';
  readonly name: string;
  readonly members: readonly string[];
}

/** @throws Refusal `user_not_found` */
export function findUser(data: Snapshot, id: string): User {
  const user = data.users.find((one) => one.id === id);
  if (user === undefined) throw new Refusal('user_not_found');
  return user;
}

/** A conversation by its id, or the direct message of a user id as `chat.postMessage` accepts it. */
export function findConversation(data: Snapshot, id: string): Conversation {
  if (id === GENERAL || id === 'general' || id === '#general') {
    return { id: GENERAL, kind: 'channel', name: 'general', members: data.users.map((user) => user.id) };
  }
  const owner = id.startsWith('U') ? id : userOfIm(id);
  const user = data.users.find((one) => one.id === owner && !one.isBot);
  if (user === undefined) throw new Refusal('channel_not_found');
  return { id: imOf(user.id), kind: 'im', name: 'directmessage', members: [user.id, APP.botUser] };
}
