import { createOpenAiModel, type ToolModel } from '../agent/model.ts';
import { createOfflineModel } from '../agent/offline-model.ts';
import { createStreamingFetch } from '../agent/streaming-fetch.ts';
import type { Config, Secrets } from '../config-types.ts';

/** The configured model service, else the built-in planner. */
export function chooseModel(config: Config, secrets: Secrets): ToolModel {
  if (config.model === null) return createOfflineModel(() => new Date());
  return createOpenAiModel({ ...config.model, apiKey: secrets.openaiApiKey }, createStreamingFetch());
}
