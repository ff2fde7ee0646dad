import { randomUUID } from 'node:crypto';
import { AIMessage, type AIMessageChunk } from './langchain.ts';
import { readRawArguments } from './raw-arguments.ts';

/** Why a tool call of a message cannot be taken, by tool call id. */
export type Unusable = Readonly<Record<string, string>>;

/** A model may ask for this many calls in one message; the rest is refused, told to it, and done later if asked again. */
export const MAX_CALLS = 32;

interface FoundCall {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly args: Record<string, unknown>;
  readonly unusable: string | null;
}

/**
 * Makes a model's message one whose every tool call has an id and an answer coming: calls whose arguments were not JSON,
 * or named a key twice, stay in it, marked as unusable, because the model's service demands an answer to each.
 */
export function normalizeMessage(message: AIMessage | AIMessageChunk): AIMessage {
  const unusable: Record<string, string> = {};
  const calls = listCalls(message).map((call) => {
    const id = cleanId(call.id);
    if (call.unusable !== null) unusable[id] = call.unusable;
    return { id, name: cleanName(call.name), args: call.args, type: 'tool_call' as const };
  });
  return new AIMessage({
    content: cleanText(readText(message)),
    tool_calls: calls,
    additional_kwargs: {
      ...keepNotes(message.additional_kwargs),
      ...(Object.keys(unusable).length === 0 ? {} : { unusable }),
    },
  });
}

/** An id that can be a key anywhere: no text a database refuses, no name that every object has. */
function cleanId(id: string | undefined): string {
  const usable = id !== undefined && /^[\w.:|-]{1,200}$/.test(id) && !(id in Object.prototype);
  return usable ? id : `call_${randomUUID()}`;
}

/** PostgreSQL takes neither NUL nor half a surrogate pair. */
function cleanText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/**
 * The service refuses a history with a name it would not take itself (platform.openai.com, function names). What had
 * to be mended must not become the name of a tool by that.
 */
function cleanName(name = ''): string {
  return /^[\w-]{1,64}$/.test(name) ? name : `unknown_${name.replace(/[^\w-]/g, '_').slice(0, 48)}`;
}

/** Short notes a model keeps for itself; never tool calls in another spelling. */
function keepNotes(kwargs: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(kwargs).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length < 200,
    ),
  );
}

/** What {@link normalizeMessage} marked. */
export function readUnusable(message: AIMessage): Unusable {
  return (message.additional_kwargs['unusable'] as Unusable | undefined) ?? {};
}

/** The text of a message, whatever parts it has. */
export function readText(message: { content: unknown }): string {
  if (typeof message.content === 'string') return message.content;
  if (!Array.isArray(message.content)) return '';
  return message.content
    .map((part: unknown) => (typeof part === 'string' ? part : ((part as { text?: unknown }).text ?? '')))
    .filter((text): text is string => typeof text === 'string')
    .join('');
}

interface Chunk {
  readonly id?: string | undefined;
  readonly index?: number | undefined;
  readonly name?: string | undefined;
  readonly args?: string | undefined;
}

/** The calls of a message, from the model's own text wherever it is there. */
function listCalls(message: AIMessage | AIMessageChunk): FoundCall[] {
  const { tool_call_chunks: chunks = [] } = message as { tool_call_chunks?: Chunk[] };
  if (chunks.length > 0) return joinChunks(chunks).map((call) => readCall(call, call.args ?? ''));
  const whole = message.additional_kwargs['tool_calls'] as
    { id?: string; function?: { arguments?: string } }[] | undefined;
  const parsed = (message.tool_calls ?? []).map((call): FoundCall => {
    const text = whole?.find(({ id }) => id === call.id)?.function?.arguments;
    return readCall(call, text ?? JSON.stringify(call.args));
  });
  return [...parsed, ...(message.invalid_tool_calls ?? []).map((call) => readCall(call, call.args ?? '{'))];
}

function readCall(call: { id?: string | undefined; name?: string | undefined }, text: string): FoundCall {
  const { id, name } = call;
  const read = readRawArguments(text);
  return 'args' in read ? { id, name, ...read, unusable: null } : { id, name, args: {}, ...read };
}

/** Chunks that belong together, joined, by the same rule as LangChain's: id and index, or the one that is there. */
function joinChunks(chunks: readonly Chunk[]): Chunk[] {
  const joined: Chunk[] = [];
  for (const chunk of chunks) {
    const at = joined.findIndex((known) => {
      const sameId = known.id === chunk.id;
      if (chunk.id === undefined || chunk.id === '')
        return chunk.index !== undefined && chunk.index === known.index;
      return chunk.index === undefined ? sameId : sameId && chunk.index === known.index;
    });
    const before = joined[at];
    if (before === undefined) joined.push(chunk);
    else joined[at] = { ...before, args: (before.args ?? '') + (chunk.args ?? '') };
  }
  return joined;
}
