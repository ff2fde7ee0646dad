import { SocketModeReceiver, type App, type Logger } from '@slack/bolt';
import type { Telemetry } from '../../telemetry-types.ts';
import type { Log } from '../../telemetry.ts';
import { createClientOptions } from '../client-options.ts';
import { isUnknownWorkspace } from './unknown-workspace.ts';
import { readProblem } from './known-rejection.ts';
import { pause } from './pause.ts';

export interface SocketLink {
  /** Connects and stays connected until stopped; resolves when it is stopped. Never rejects. */
  run(): Promise<void>;
  stop(): Promise<void>;
  isConnected(): boolean;
}

/** A connection that says nothing for so long while it opens is given up. */
const OPEN_MS = 20_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * One Socket Mode connection. It reconnects by itself here: the client's own way waits 5 s, stops for good when
 * Slack cannot be reached at that moment, and leaves that error unhandled.
 */
export function createSocketLink(options: {
  app: App;
  appToken: string;
  apiUrl: string;
  logger: Logger;
  telemetry: Telemetry;
  log: Log;
  onConnected: () => void;
}): SocketLink {
  const { log } = options;
  const receiver = new SocketModeReceiver({
    appToken: options.appToken,
    logger: options.logger,
    autoReconnectEnabled: false,
    // What the App was given does not reach a receiver made here.
    installerOptions: {
      clientOptions: createClientOptions(options.apiUrl, options.logger, options.telemetry),
    },
    processEventErrorHandler: ({ error }) => Promise.resolve(isUnknownWorkspace(error)),
  });
  receiver.init(options.app);
  guardMessages(receiver, log);
  const stopped = new AbortController();
  let connected = false;

  const connectOnce = async (): Promise<void> => {
    let close: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (close = resolve));
    receiver.client.once('disconnected', close);
    try {
      await within(OPEN_MS, receiver.start());
      connected = true;
      options.onConnected();
      // Stopped while it was opening: what has opened since is closed again.
      if (stopped.signal.aborted) await receiver.stop();
      await closed;
    } finally {
      receiver.client.removeListener('disconnected', close);
      connected = false;
    }
  };
  return {
    async run() {
      let failures = 0;
      while (!stopped.signal.aborted) {
        try {
          await connectOnce();
          failures = 0;
        } catch (error) {
          failures += 1;
          log.warn(
            { problem: readProblem(error), failures, url: options.apiUrl },
            'no Socket Mode connection; it is tried again',
          );
          await receiver.stop();
        }
        await pause(Math.min(LONGEST_PAUSE_MS, failures * 1000 * (1 + Math.random())), stopped.signal);
      }
    },
    async stop() {
      stopped.abort();
      await receiver.stop();
    },
    isConnected: () => connected,
  };
}

/**
 * The client dies of an envelope without an event, which is what `app_rate_limited` is: its handler rejects and
 * nobody listens. Here somebody does.
 */
function guardMessages(receiver: SocketModeReceiver, log: Log): void {
  const { client } = receiver;
  const handlers = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  for (const handle of handlers) {
    client.on('ws_message', (...args: unknown[]) => {
      Promise.resolve(handle(...args)).catch((error: unknown) =>
        log.warn({ problem: readProblem(error) }, 'a Socket Mode message was not understood'),
      );
    });
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no connection within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
