import { formatEvent } from './format.ts';
import type { Sink, StreamFormat } from './sink.ts';

/**
 * Events as JSON lines beside those of the program's log; theirs have the key `audit`, and no `level`.
 * @param out where to; a line counts as taken once it was written
 */
export function createStdoutSink(out: NodeJS.WritableStream, format: StreamFormat): Sink {
  return {
    name: 'stdout',
    async send({ workspaceId, origin, events }) {
      const lines = events.map((event) =>
        JSON.stringify({ audit: formatEvent(event, origin, format), log: origin, workspace: workspaceId }),
      );
      if (lines.length === 0) return null;
      const error = await new Promise<Error | null | undefined>((resolve) => {
        out.write(`${lines.join('\n')}\n`, resolve);
      });
      return error == null ? null : { what: 'stdout does not take it', retryAfter: null };
    },
  };
}
