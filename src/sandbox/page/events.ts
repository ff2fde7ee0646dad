import type { ServerResponse } from 'node:http';
import { SECURITY_HEADERS } from './responses.ts';

const DEBOUNCE_MS = 50;
const KEEP_ALIVE_MS = 20_000;

type Events = {
  /** Keeps the response open as an event stream (HTML standard, server-sent events). */
  open(res: ServerResponse): void;
  close(): void;
};

/** Tells every open page that something changed, once for all changes within 50 ms; the page then asks what. */
export function createEvents(sources: readonly { onChange: (listener: () => void) => () => void }[]): Events {
  const streams = new Set<ServerResponse>();
  let pending: NodeJS.Timeout | null = null;

  const send = (text: string) => {
    for (const stream of streams) stream.write(text);
  };
  const announce = () => {
    pending ??= setTimeout(() => {
      pending = null;
      send('event: changed\ndata: {}\n\n');
    }, DEBOUNCE_MS);
  };
  const silence = sources.map((source) => source.onChange(announce));
  // A comment now and then keeps idle proxies from cutting the stream; it must not keep the process alive.
  const keepAlive = setInterval(() => send(': still here\n\n'), KEEP_ALIVE_MS).unref();

  return {
    open(res) {
      res.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream' });
      res.write('retry: 1000\n\n');
      streams.add(res);
      res.on('close', () => streams.delete(res));
    },
    close() {
      for (const stop of silence) stop();
      clearInterval(keepAlive);
      if (pending !== null) clearTimeout(pending);
      for (const stream of streams) stream.end();
      streams.clear();
    },
  };
}
