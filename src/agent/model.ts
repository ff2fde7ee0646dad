import { createRequire } from 'node:module';
import { z } from 'zod';
import { catalog, toToolName } from '../actions/catalog.ts';
import { DeskError } from '../errors.ts';
import {
  HumanMessage,
  SystemMessage,
  type AIMessage,
  type AIMessageChunk,
  type BaseMessage,
} from './langchain.ts';

// By `require`, like langchain.ts: its ES module build takes three times as long to load and brings a second
// @langchain/core.
const require = createRequire(import.meta.url);

/** A model with the catalog's tools bound. */
export interface ToolModel {
  invoke(messages: BaseMessage[], signal?: AbortSignal): Promise<AIMessage | AIMessageChunk>;
  /** What App Home and doctor call it. */
  readonly label: string;
  /** Fills in a form from a text, without any tool or conversation; missing where there is no model to do so. */
  fill?(form: ModelForm): Promise<unknown>;
}

/** A form for a model to fill in from one text. */
export interface ModelForm {
  /** Letters and underscores. */
  readonly name: string;
  /** What each field means; our own words. */
  readonly instructions: string;
  /** All that the model sees besides; may be anybody's words. */
  readonly text: string;
  /** JSON Schema of the answer. The answer is not held to it here. */
  readonly schema: Record<string, unknown>;
}

export interface ModelOptions {
  readonly baseUrl: string | null;
  readonly name: string;
  readonly apiKey: string | null;
  /** Milliseconds until an answer must begin; a minute when not given. */
  readonly timeoutMs?: number;
}

/** Milliseconds until an answer must begin. */
const TIMEOUT_MS = 60_000;
/** A whole answer, with its retries, may take this many times as long. */
const WHOLE = 3;

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
  const timeout = options.timeoutMs ?? TIMEOUT_MS;
  let bound: Streaming | null = null;
  const load = () => {
    const { ChatOpenAI } = require('@langchain/openai') as typeof import('@langchain/openai');
    return new ChatOpenAI({
      model: options.name,
      apiKey: options.apiKey ?? 'none',
      // Not every compatible server knows `stream_options`, and nobody here reads what it brings.
      streamUsage: false,
      timeout,
      maxRetries: 2,
      useResponsesApi: false,
      configuration: {
        ...(options.baseUrl === null ? {} : { baseURL: options.baseUrl }),
        fetch: fetchModel,
        // It would write what it cannot read of an answer to the console, past our log.
        logLevel: 'off',
      },
    });
  };
  const hear = async (model: Streaming, messages: BaseMessage[], signal?: AbortSignal) => {
    // The client's own timeout ends when an answer begins; a stream may stand still for ever.
    const deadline = AbortSignal.timeout(timeout * WHOLE);
    try {
      const call = { signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]) };
      return await readWhole(await model.stream(messages, call));
    } catch (error) {
      throw describeModelError(error);
    }
  };
  return {
    label: options.name,
    async invoke(messages, signal) {
      return hear((bound ??= load().bindTools(listTools())), messages, signal);
    },
    async fill({ name, instructions, text, schema }) {
      const tool = { name, description: 'The answer.', schema };
      const model = load().bindTools([tool], { tool_choice: name });
      const answer = await hear(model, [new SystemMessage(instructions), new HumanMessage(text)]);
      return answer.tool_calls?.find((call) => call.name === name)?.args ?? null;
    },
  };
}

interface Streaming {
  stream(messages: BaseMessage[], call: object): Promise<AsyncIterable<AIMessageChunk>>;
}

/**
 * Joins a streamed answer. Not through `invoke` with `streaming: true`: that counts tokens by itself and fetches a
 * tokenizer from a host of its own choice for it.
 */
async function readWhole(stream: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | null = null;
  for await (const chunk of stream) whole = whole === null ? chunk : whole.concat(chunk);
  if (whole === null) throw new DeskError('model_failed', { problem: 'its answer was empty' });
  return whole;
}

/** What went wrong, by what the client and the service told of it; the first cause that says something counts. */
function describeModelError(error: unknown): DeskError {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof DeskError) return at;
    const found = judge(at, error);
    if (found !== null) return found;
  }
  return new DeskError('model_unreachable', {}, { cause: error });
}

function judge(at: Error, cause: unknown): DeskError | null {
  const { status } = at as { status?: unknown };
  const failed = (problem: string) => new DeskError('model_failed', { problem }, { cause });
  // Without its cause: services like to repeat the key that they refuse.
  if (status === 401 || status === 403) return new DeskError('model_unauthorized');
  if (status === 429) return new DeskError('model_rate_limited', {}, { cause });
  if (at.name === 'ContextOverflowError') return failed('the conversation is too long for it');
  if (status === 404) return failed('it answered with status 404; an admin should check OPENAI_MODEL');
  if (typeof status === 'number' && status < 500) return failed(`it answered with status ${status}`);
  // A stream that is not one, or that carries an error where the answer should be.
  if (at instanceof SyntaxError || at.constructor.name === 'APIError') return failed('its answer broke off');
  return null;
}
