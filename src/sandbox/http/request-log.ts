/** A request a stand-in answered. Never the query, headers or body: they may carry credentials. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** 0 when the socket was destroyed instead of answering. */
  readonly status: number;
  /** RFC 3339. */
  readonly at: string;
}

export interface RequestLog {
  add(entry: LoggedRequest): void;
  /** The last requests, oldest first. */
  list(): LoggedRequest[];
}

export function createRequestLog(size = 500): RequestLog {
  const entries: LoggedRequest[] = [];
  return {
    add(entry) {
      entries.push(entry);
      if (entries.length > size) entries.shift();
    },
    list: () => entries.slice(),
  };
}
