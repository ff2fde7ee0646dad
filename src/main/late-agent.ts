import type { Agent } from '../agent/run.ts';
import type { ToolModel } from '../agent/model.ts';
import type { CallDeps } from '../calls/deps.ts';
import type { DatabaseAccess } from '../db/pool.ts';

export interface LateAgent extends Agent {
  /** Loads it now, if it is not loaded yet. */
  load(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The agent, loaded with LangGraph at its first turn or when told to: that takes half a second, which hearing,
 * acknowledging and storing messages need not wait for.
 * @param connections how many its checkpoints may hold
 */
export function createLateAgent(
  deps: CallDeps,
  model: ToolModel,
  access: DatabaseAccess,
  connections: number,
  onError: (error: Error) => void,
): LateAgent {
  let opening: ReturnType<typeof open> | null = null;
  async function open() {
    const { createCheckpointer } = await import('../agent/checkpoints.ts');
    const { createAgent } = await import('../agent/run.ts');
    const checkpointer = createCheckpointer(access, connections, onError);
    return { agent: createAgent(deps, model, checkpointer.saver), checkpointer };
  }
  const load = () => (opening ??= open());
  return {
    run: async (turnId) => (await load()).agent.run(turnId),
    async load() {
      await load();
    },
    async close() {
      if (opening !== null) await (await opening).checkpointer.close();
    },
  };
}
