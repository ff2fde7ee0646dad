import { seedCredentials, seedUsers } from './seed.ts';
import type { Json, Message, Session, User } from './world.ts';

/** What outlives a restart of the sandbox. */
export interface Snapshot {
  version: 1;
  credentials: ReturnType<typeof seedCredentials>;
  users: User[];
  messages: Record<string, Message[]>;
  homes: Record<string, Json>;
  sessions: Record<string, Session[]>;
  prompts: Record<string, { title: string; prompts: { title: string; message: string }[] }>;
  installed: boolean;
  /** Microseconds of the newest timestamp given out, so that a restart never repeats one. */
  lastTs: number;
}

/** Where the snapshot is kept; the sandbox's composition writes it to its data directory. */
export interface State {
  load(): unknown;
  save(snapshot: unknown): void;
}

export interface Store {
  readonly data: Snapshot;
  /** Says that `data` changed: it is saved and listeners run, once for all changes of this moment. */
  touch(): void;
  onChange(listener: () => void): () => void;
  /** A message timestamp `seconds.micros`, later than every one before. */
  nextTs(): string;
  /** Saves what is still unsaved. */
  flush(): void;
}

function fresh(): Snapshot {
  return {
    version: 1,
    credentials: seedCredentials(),
    users: seedUsers(),
    messages: {},
    homes: {},
    sessions: {},
    prompts: {},
    installed: true,
    lastTs: 0,
  };
}

function isSnapshot(value: unknown): value is Snapshot {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
}

/** @throws Error when the kept snapshot is of another version: remove it to start afresh */
export function createStore(state: State, now: () => Date): Store {
  const kept = state.load();
  if (kept !== null && kept !== undefined && !isSnapshot(kept)) {
    throw new Error('The kept Slack sandbox is of another version. Remove the sandbox data to start afresh.');
  }
  const data = isSnapshot(kept) ? structuredClone(kept) : fresh();
  const listeners = new Set<() => void>();
  let pending: NodeJS.Immediate | null = null;

  const flush = (): void => {
    if (pending === null) return;
    clearImmediate(pending);
    pending = null;
    state.save(structuredClone(data));
    for (const listener of [...listeners]) listener();
  };
  return {
    data,
    flush,
    touch: () => {
      pending ??= setImmediate(flush);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    nextTs: () => {
      data.lastTs = Math.max(data.lastTs + 1, now().getTime() * 1000);
      const micros = String(data.lastTs);
      return `${micros.slice(0, -6)}.${micros.slice(-6)}`;
    },
  };
}
