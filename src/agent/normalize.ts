import { randomUUID } from 'node:crypto';
import { AIMessage, type AIMessageChunk } from './langchain.ts';
import { hasDuplicateKeys } from './raw-arguments.ts';

/** Why a tool call of a message cannot be taken, by tool call id. */
export type Unusable = Readonly<Record<string, string>>;

/** A model may ask for this many calls in one message; the rest is refused, told to it, and done later if asked again. */
const MAX_CALLS = 32;

/**
 * Makes a model's message one whose every tool call has an id and an answer coming: calls whose arguments were not JSON,
 * or named a key twice, stay in it, marked as unusable, because the model's service demands an answer to each.
 */
export function normalizeMessage(message: AIMessage | AIMessageChunk): AIMessage {
  const raw = readRawArguments(message);
  const unusable: Record<string, string> = {};
  const calls = (message.tool_calls ?? []).map((call) => ({
    id: call.id === undefined || call.id === '' ? `call_${randomUUID()}` : call.id.slice(0, 200),
    name: call.name,
    args: call.args as Record<string, unknown>,
  }));
  for (const call of calls) {
    const text = raw.get(call.id);
    if (text !== undefined && hasDuplicateKeys(text))
      unusable[call.id] = 'a name stands twice in the arguments';
  }
  for (const call of message.invalid_tool_calls ?? []) {
    const id = call.id === undefined || call.id === '' ? `call_${randomUUID()}` : call.id.slice(0, 200);
    calls.push({ id, name: call.name ?? 'unknown', args: {} });
    unusable[id] = 'the arguments are not JSON';
  }
  for (const call of calls.slice(MAX_CALLS))
    unusable[call.id] = `only ${MAX_CALLS} calls are taken at a time`;
  return new AIMessage({
    content: readText(message),
    tool_calls: calls.map((call) => ({ ...call, type: 'tool_call' as const })),
    additional_kwargs: {
      ...keepNotes(message.additional_kwargs),
      ...(Object.keys(unusable).length === 0 ? {} : { unusable }),
    },
  });
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

function readRawArguments(message: AIMessage | AIMessageChunk): Map<string, string> {
  const whole = message.additional_kwargs['tool_calls'] as
    { id?: string; function?: { arguments?: string } }[] | undefined;
  const chunks = (message as { tool_call_chunks?: { id?: string; args?: string }[] }).tool_call_chunks;
  const found = new Map<string, string>();
  for (const call of whole ?? []) found.set(call.id ?? '', call.function?.arguments ?? '');
  for (const chunk of chunks ?? []) {
    if (chunk.id !== undefined && chunk.args !== undefined) found.set(chunk.id, chunk.args);
  }
  return found;
}
