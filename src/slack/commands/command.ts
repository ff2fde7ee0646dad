import type { types } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { writeSentence } from '../blocks/text.ts';

/** What a command says, to the one who typed it only. */
export interface CommandReply {
  /** mrkdwn; everything foreign in it is escaped. */
  readonly text: string;
  readonly blocks?: types.KnownBlock[];
}

export interface CommandInput {
  readonly actor: Actor;
  /** What follows the command's word, split at spaces. */
  readonly words: readonly string[];
  /** The same as typed, Slack's markup undone. */
  readonly rest: string;
  readonly channel: string;
}

export interface Command {
  /** How it is written: `approve CODE`. */
  readonly usage: string;
  readonly about: string;
  run(deps: SlackDeps, input: CommandInput): Promise<CommandReply>;
}

/** A reply of our own sentences, one a line. */
export function say(...sentences: readonly string[]): CommandReply {
  return { text: writeSentence(sentences.join('\n')) };
}
