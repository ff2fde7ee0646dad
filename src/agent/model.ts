import { z } from 'zod';
import { catalog, toToolName } from '../actions/catalog.ts';
import { DeskError } from '../errors.ts';
import type { AIMessage, AIMessageChunk, BaseMessage } from './langchain.ts';

/** A model with the catalog's tools bound. */
export interface ToolModel {
  invoke(messages: BaseMessage[], signal?: AbortSignal): Promise<AIMessage | AIMessageChunk>;
  /** What App Home and doctor call it. */
  readonly label: string;
}

export interface ModelOptions {
  readonly baseUrl: string | null;
  readonly name: string;
  readonly apiKey: string | null;
}

const TIMEOUT_MS = 60_000;

/** The tools as a model sees them, derived from the catalog. */
function listTools(): { name: string; description: string; schema: Record<string, unknown> }[] {
  return catalog.map((action) => ({
    name: toToolName(action.id),
    description: action.description,
    schema: z.toJSONSchema(action.schema, { io: 'input', unrepresentable: 'any' }),
  }));
}

/**
 * Any OpenAI-compatible service through LangChain's ChatOpenAI, loaded on first use.
 * @throws DeskError (on invoke) `model_unauthorized`, `model_rate_limited`, `model_unreachable`, `model_failed`
 */
export function createOpenAiModel(options: ModelOptions, fetchModel: typeof fetch): ToolModel {
  let ready: Promise<{ invoke(messages: BaseMessage[], call: object): Promise<AIMessageChunk> }> | null =
    null;
  const load = async () => {
    const { ChatOpenAI } = await import('@langchain/openai');
    return new ChatOpenAI({
      model: options.name,
      apiKey: options.apiKey ?? 'none',
      streaming: true,
      timeout: TIMEOUT_MS,
      maxRetries: 2,
      useResponsesApi: false,
      configuration: { ...(options.baseUrl === null ? {} : { baseURL: options.baseUrl }), fetch: fetchModel },
    }).bindTools(listTools());
  };
  return {
    label: options.name,
    async invoke(messages, signal) {
      ready ??= load();
      const model = await ready;
      try {
        return await model.invoke(messages, signal === undefined ? {} : { signal });
      } catch (error) {
        throw describeModelError(error);
      }
    },
  };
}

function describeModelError(error: unknown): DeskError {
  const status = (error as { status?: unknown }).status;
  if (status === 401 || status === 403) return new DeskError('model_unauthorized', {}, { cause: error });
  if (status === 429) return new DeskError('model_rate_limited', {}, { cause: error });
  if (typeof status === 'number' && status < 500) {
    return new DeskError('model_failed', { problem: `it answered with status ${status}` }, { cause: error });
  }
  return new DeskError('model_unreachable', {}, { cause: error });
}
