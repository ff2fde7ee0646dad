import { App, LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import {
  createSlackStandIn,
  type SlackStandIn,
  type SlackStandInOptions,
} from '../../src/sandbox/slack/stand-in.ts';
import type { SlackWorld } from '../../src/sandbox/slack/world.ts';

export interface Started {
  readonly slack: SlackStandIn;
  readonly world: SlackWorld;
  readonly origin: string;
  readonly client: WebClient;
}

export async function startSlack(options: Partial<SlackStandInOptions> = {}): Promise<Started> {
  const slack = createSlackStandIn({
    state: { load: () => null, save: () => undefined },
    now: () => new Date(),
    ...options,
  });
  const { origin } = await slack.start();
  return { slack, world: slack.world, origin, client: createClient(origin, slack.credentials.botToken) };
}

export function createClient(origin: string, token: string): WebClient {
  return new WebClient(token, {
    slackApiUrl: `${origin}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
}

/** The real Bolt app in Socket Mode against the stand-in. */
export function createBolt({ slack, origin }: Started): App {
  return new App({
    token: slack.credentials.botToken,
    appToken: slack.credentials.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: `${origin}/api/`, retryConfig: { retries: 0 } },
  });
}

/** Waits until the world shows what `read` looks for. */
export function until<Found>(
  world: SlackWorld,
  read: () => Found | undefined | null | false,
): Promise<Found> {
  return new Promise((resolve) => {
    const look = (): void => {
      const found = read();
      if (found === undefined || found === null || found === false) return;
      stop();
      resolve(found);
    };
    const stop = world.onChange(look);
    setImmediate(look);
  });
}

/** The error string of a call that must be refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { data } = error as { data?: { error?: string } };
    if (data?.error !== undefined) return data.error;
    throw error;
  }
  throw new Error('the call was not refused');
}
