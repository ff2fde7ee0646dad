import { findConversation } from './conversations.ts';
import type { Events } from './events.ts';
import { APP } from './seed.ts';
import type { Store } from './store.ts';
import { wireMessage } from './wire-message.ts';
import type { Json, Message } from './world.ts';

export interface Messages {
  in(channel: string): readonly Message[];
  /** A message that everybody in the conversation can see. */
  find(channel: string, ts: string): Message | undefined;
  findEphemeral(channel: string, ts: string): Message | undefined;
  /** Stores a message under a new timestamp and tells the app about it. */
  add(channel: string, message: Omit<Message, 'ts'>): Message;
  change(channel: string, ts: string, patch: Partial<Message>, options?: { quiet?: boolean }): Message;
  remove(channel: string, ts: string): void;
}

/** The messages of all conversations; every change sends the event that Slack sends, the bot's own included. */
export function createMessages(store: Store, events: Events): Messages {
  const all = (channel: string): Message[] => (store.data.messages[channel] ??= []);

  function tell(channel: string, event: Json): void {
    const im = findConversation(store.data, channel).kind === 'im';
    const kind = im ? { channel_type: 'im' } : { channel_type: 'channel' };
    const known = { type: 'message', channel, ...kind };
    events.emit(im ? 'message.im' : 'message.channels', { ...event, ...known });
  }
  function replace(channel: string, ts: string, message: Message): void {
    store.data.messages[channel] = all(channel).map((one) => (one.ts === ts ? message : one));
    store.touch();
  }
  return {
    in: all,
    find: (channel, ts) => all(channel).find((one) => one.ts === ts && one.ephemeralFor === undefined),
    findEphemeral: (channel, ts) =>
      all(channel).find((one) => one.ts === ts && one.ephemeralFor !== undefined),
    add: (channel, fields) => {
      const message: Message = { ts: store.nextTs(), ...fields };
      all(channel).push(message);
      store.touch();
      if (message.ephemeralFor !== undefined) return message;
      const event = { ...wireMessage(message), event_ts: message.ts };
      tell(channel, event);
      const mentioned = channel.startsWith('C') && message.text.includes(`<@${APP.botUser}>`);
      if (mentioned && message.bot_id === undefined) {
        events.emit('app_mention', { ...event, type: 'app_mention', channel });
      }
      return message;
    },
    change: (channel, ts, patch, options) => {
      const before = all(channel).find((one) => one.ts === ts);
      if (before === undefined) throw new Error(`There is no message ${ts} in ${channel}.`);
      const after: Message = { ...before, ...patch };
      replace(channel, ts, after);
      if (after.ephemeralFor === undefined && options?.quiet !== true) {
        const stamp = store.nextTs();
        tell(channel, {
          subtype: 'message_changed',
          hidden: true,
          message: wireMessage(after),
          previous_message: wireMessage(before),
          ts: stamp,
          event_ts: stamp,
        });
      }
      return after;
    },
    remove: (channel, ts) => {
      const gone = all(channel).find((one) => one.ts === ts);
      store.data.messages[channel] = all(channel).filter((one) => one.ts !== ts);
      store.touch();
      if (gone === undefined || gone.ephemeralFor !== undefined) return;
      const stamp = store.nextTs();
      tell(channel, {
        subtype: 'message_deleted',
        hidden: true,
        deleted_ts: ts,
        previous_message: wireMessage(gone),
        ts: stamp,
        event_ts: stamp,
      });
    },
  };
}
