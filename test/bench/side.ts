import type { SlackDouble } from './slack-double.ts';
import type { Posted } from './slack-wire.ts';
import { users } from './slack-wire.ts';
import { DONE } from './think.ts';

/** One of the two programs, as a person in its Slack sees it. */
export interface Side {
  readonly slack: SlackDouble;
  /** Says something and waits for the last words of the turn. @returns milliseconds from the one to the other */
  ask(user: string, text?: string, threadTs?: string): Promise<{ ms: number; ts: string }>;
  /** Says something and waits for what the app posts about it. */
  wait(user: string, text: string, accept: (posted: Posted) => boolean, threadTs?: string): Promise<Posted>;
}

const GIVE_UP_MS = 60_000;

export function createSide(slack: SlackDouble): Side {
  const expect = (about: string, accept: (posted: Posted) => boolean): Promise<Posted> =>
    new Promise((resolve, reject) => {
      let last = '';
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`no answer to ${about} within a minute; the last words were: ${last}`));
      }, GIVE_UP_MS);
      const stop = slack.onPost((posted) => {
        last = posted.text;
        if (!accept(posted)) return;
        clearTimeout(timer);
        stop();
        resolve(posted);
      });
    });
  const wait: Side['wait'] = async (user, text, accept, threadTs) => {
    let thread = threadTs ?? '';
    const found = expect(text, (posted) => posted.threadTs === thread && accept(posted));
    // An answer cannot come before this line has run: it comes by a socket.
    const said = slack.say(user, text, threadTs);
    thread ||= said.ts;
    return found;
  };
  return {
    slack,
    wait,
    async ask(user, text = 'What is on my calendar?', threadTs) {
      let thread = threadTs ?? '';
      const dm = users.dmOf(user);
      const found = expect(text, (posted) => {
        if (posted.channel !== dm || posted.threadTs !== thread) return false;
        if (posted.text.startsWith('It is not done')) throw new Error(posted.text);
        return posted.text.includes(DONE);
      });
      const said = slack.say(user, text, threadTs);
      thread ||= said.ts;
      return { ms: (await found).at - said.at, ts: thread };
    },
  };
}
