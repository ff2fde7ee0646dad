import type { AIMessage, BaseMessage, ToolMessage } from '../langchain.ts';
import type { Args, Result } from './plan.ts';
import { readQuestion, type Slot } from './questions.ts';
import { isRecord, parseObject } from './read-context.ts';

/** One thing the person said, and the question of ours it came right after (null: it opened the matter). */
export interface Said {
  readonly text: string;
  readonly slot: Slot | null;
}

/** What the messages tell about the turn that is under way. */
export interface Turn {
  /** Oldest first; the last one is the newest message. Empty when nobody said anything. */
  readonly said: readonly Said[];
  /** Results of this turn by `callKey`. */
  readonly results: ReadonlyMap<string, Result>;
  /** How often the model has asked for tools in this turn. */
  readonly steps: number;
}

/** Two calls with the same tool and arguments are the same call. */
export function callKey(tool: string, args: Args): string {
  return `${tool} ${JSON.stringify(sortKeys(args))}`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}

/** Reads the turn. Only what people said is ever treated as a request; tool results are data. */
export function readTurn(messages: readonly BaseMessage[]): Turn {
  const newest = messages.findLastIndex((message) => message.type === 'human');
  if (newest < 0) return { said: [], results: new Map(), steps: 0 };
  const steps = messages.slice(newest + 1).filter(hasToolCalls);
  return {
    said: readSaid(messages, newest),
    results: readResults(steps, messages.slice(newest + 1)),
    steps: steps.length,
  };
}

function hasToolCalls(message: BaseMessage): message is AIMessage {
  return message.type === 'ai' && ((message as AIMessage).tool_calls?.length ?? 0) > 0;
}

/** Walks back as long as each message came right after a question of ours. */
function readSaid(messages: readonly BaseMessage[], newest: number): Said[] {
  const said: Said[] = [];
  for (let at = newest; at >= 0;) {
    const before = messages[at - 1];
    const slot = before?.type === 'ai' && !hasToolCalls(before) ? readQuestion(before.text) : null;
    const earlier =
      slot === null ? -1 : messages.slice(0, at - 1).findLastIndex((one) => one.type === 'human');
    said.unshift({ text: messages[at]?.text ?? '', slot: earlier < 0 ? null : slot });
    at = earlier;
  }
  return said;
}

function readResults(steps: readonly AIMessage[], after: readonly BaseMessage[]): Map<string, Result> {
  const answers = new Map<string, ToolMessage>();
  for (const message of after) {
    if (message.type === 'tool') answers.set((message as ToolMessage).tool_call_id, message as ToolMessage);
  }
  const results = new Map<string, Result>();
  for (const call of steps.flatMap((step) => step.tool_calls ?? [])) {
    const answer = answers.get(call.id ?? '');
    const key = callKey(call.name, call.args);
    results.set(key, answer ? readResult(answer) : UNANSWERED);
  }
  return results;
}

const UNANSWERED: Result = { ok: false, code: 'unanswered', message: 'It was not carried out.' };

function readResult(answer: ToolMessage): Result {
  const value = parseObject(answer.text);
  if (value.ok === true && answer.status !== 'error') {
    return {
      ok: true,
      summary: typeof value.summary === 'string' ? value.summary : '',
      data: value.data ?? null,
    };
  }
  return {
    ok: false,
    code: typeof value.code === 'string' ? value.code : 'unreadable',
    message:
      typeof value.message === 'string' && value.message !== ''
        ? value.message
        : 'The tool gave an answer that cannot be read. Try again.',
  };
}
