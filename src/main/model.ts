import type { ToolModel } from '../agent/model.ts';
import { OFFLINE_LABEL } from '../agent/offline-label.ts';
import type { Config, Secrets } from '../config-types.ts';

/** The configured model service, else the built-in planner; either is loaded when it is first asked. */
export function chooseModel({ model }: Config, secrets: Secrets): ToolModel {
  if (model === null) {
    const load = loadOnce(async () => {
      const { createOfflineModel } = await import('../agent/offline-model.ts');
      return createOfflineModel(() => new Date());
    });
    return callLate(OFFLINE_LABEL, load);
  }
  const load = loadOnce(async () => {
    const { createOpenAiModel } = await import('../agent/model.ts');
    const { createStreamingFetch } = await import('../agent/streaming-fetch.ts');
    return createOpenAiModel({ ...model, apiKey: secrets.openaiApiKey }, createStreamingFetch());
  });
  return { ...callLate(model.name, load), fill: async (form) => (await load()).fill?.(form) };
}

function loadOnce(load: () => Promise<ToolModel>): () => Promise<ToolModel> {
  let loading: Promise<ToolModel> | null = null;
  return () => (loading ??= load());
}

function callLate(label: string, load: () => Promise<ToolModel>): ToolModel {
  return {
    label,
    async invoke(messages, signal) {
      return (await load()).invoke(messages, signal);
    },
  };
}
