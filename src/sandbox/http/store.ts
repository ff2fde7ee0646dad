/** Where a stand-in keeps its state between starts. A snapshot is plain JSON and holds no usable token. */
export interface StatePort {
  load(): unknown;
  save(snapshot: unknown): void;
}

/** Something a stand-in did that the outside world can see. */
export interface Effect {
  readonly kind: string;
  /** RFC 3339. */
  readonly at: string;
  readonly detail: string;
}

export interface Stored {
  readonly version: number;
  effects: Effect[];
}

export interface Store<State extends Stored> {
  readonly state: State;
  /** Saves and tells the listeners; to be called after every change, before it is answered. */
  commit(...effects: Omit<Effect, 'at'>[]): void;
  effects(): Effect[];
  /** Called after every change. Returns how to stop listening. */
  onChange(listener: () => void): () => void;
}

const EFFECTS_KEPT = 1000;

/**
 * Loads the state, or makes and saves the first one. A snapshot of another version is replaced: a sandbox
 * world is worth less than a start that works.
 */
export function openStore<State extends Stored>(options: {
  readonly port: StatePort;
  readonly version: State['version'];
  readonly now: () => Date;
  readonly seed: () => State;
}): Store<State> {
  const loaded = options.port.load() as State | null | undefined;
  const known = loaded?.version === options.version;
  const state = known ? structuredClone(loaded) : options.seed();
  const listeners = new Set<() => void>();
  if (!known) options.port.save(structuredClone(state));
  return {
    state,
    commit(...effects) {
      const at = options.now().toISOString();
      state.effects = [...state.effects, ...effects.map((effect) => ({ ...effect, at }))].slice(
        -EFFECTS_KEPT,
      );
      options.port.save(structuredClone(state));
      for (const listener of listeners) listener();
    },
    effects: () => structuredClone(state.effects),
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
