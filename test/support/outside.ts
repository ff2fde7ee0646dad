import { setTimeout as sleep } from 'node:timers/promises';
import { createGithubStandIn } from '../../src/sandbox/github/stand-in.ts';
import { createGoogleStandIn } from '../../src/sandbox/google/stand-in.ts';
import { createSlackStandIn } from '../../src/sandbox/slack/stand-in.ts';
import { followConnectLink } from '../../src/main/demo/browser.ts';

/** The far side, in the test's own process, so that it outlives a killed program. */
export async function startOutside() {
  const now = (): Date => new Date();
  const memory = () => ({ load: () => null, save: () => undefined });
  const slack = createSlackStandIn({ state: memory(), now });
  const google = createGoogleStandIn({ state: memory(), now });
  const github = createGithubStandIn({ state: memory(), now });
  const [slackAt, googleAt, githubAt] = await Promise.all([slack.start(), google.start(), github.start()]);
  return {
    slack: slack.world,
    google: google.world,
    github: github.world,
    credentials: slack.credentials,
    /** What points the program at it, as an operator would set it. */
    variables: {
      SLACK_API_URL: `${slackAt.origin}/api/`,
      SLACK_BOT_TOKEN: slack.credentials.botToken,
      SLACK_APP_TOKEN: slack.credentials.appToken,
      GOOGLE_API_URL: googleAt.origin,
      GITHUB_API_URL: githubAt.origin,
      GOOGLE_CLIENT_ID: google.credentials.clientId,
      GOOGLE_CLIENT_SECRET: google.credentials.clientSecret,
      GITHUB_CLIENT_ID: github.credentials.clientId,
      GITHUB_CLIENT_SECRET: github.credentials.clientSecret,
    },
    async stop() {
      await Promise.all([slack.stop(), google.stop(), github.stop()]);
    },
  };
}

export type Outside = Awaited<ReturnType<typeof startOutside>>;

export interface Seen {
  readonly ts: string;
  readonly thread_ts?: string;
  readonly user?: string;
  readonly text: string;
  readonly blocks?: readonly { block_id?: string; elements?: readonly Button[] }[];
}

interface Button {
  readonly type: string;
  readonly action_id?: string;
  readonly value?: string;
  readonly url?: string;
  readonly text?: { text: string };
}

export async function until<T>(
  what: string,
  find: () => T | undefined | null | false,
  seconds = 30,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = find();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await sleep(50);
  }
}

/** The newest message of the bot in a thread that has a button with this label. */
export function findCard(
  outside: Outside,
  channel: string,
  viewer: string,
  thread: string | null,
  label: string,
): Seen | undefined {
  const all = outside.slack.messages(channel, viewer) as unknown as Seen[];
  return all.findLast(
    (message) => (thread === null || message.thread_ts === thread) && buttonOf(message, label) !== undefined,
  );
}

export function buttonOf(message: Seen, label: string): (Button & { block_id: string }) | undefined {
  for (const block of message.blocks ?? []) {
    const found = block.elements?.find(
      (element) => element.type === 'button' && element.text?.text === label,
    );
    if (found !== undefined) return { ...found, block_id: block.block_id ?? '' };
  }
  return undefined;
}

export async function press(
  outside: Outside,
  user: string,
  channel: string,
  message: Seen,
  label: string,
): Promise<void> {
  const button = buttonOf(message, label);
  if (button === undefined) throw new Error(`no button ${label}`);
  await outside.slack.click(
    user,
    { channel, ts: message.ts },
    {
      block_id: button.block_id,
      action_id: button.action_id ?? '',
      value: button.value ?? '',
    },
  );
}

/** Asks for something of a provider and goes through the connect link of the card that comes. */
export async function connectByCard(
  outside: Outside,
  user: string,
  channel: string,
  text: string,
  account: string,
): Promise<void> {
  const { ts } = outside.slack.say(user, channel, text);
  const link = await until('a connect link', () => {
    const all = outside.slack.messages(channel, user) as unknown as Seen[];
    const urls = all.flatMap((message) =>
      (message.thread_ts === ts ? (message.blocks ?? []) : []).flatMap((block) => block.elements ?? []),
    );
    return urls.find((element) => element.url?.includes('/connect/'))?.url;
  });
  await followConnectLink(link, { user, account });
}
