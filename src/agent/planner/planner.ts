import { randomBytes } from 'node:crypto';
import {
  AIMessage,
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BaseMessage,
  type BindToolsInput,
  type ChatResult,
} from '../langchain.ts';
import { decideMove, type Move, type Stray } from './drive.ts';
import { isStop, sayCannot, sayHelp, sayTooLong } from './help.ts';
import { parseRequest } from './parse-request.ts';
import { isFreeText } from './questions.ts';
import { isRecord, readContext } from './read-context.ts';
import type { TimeReader } from './read-time.ts';
import { readTurn, type Said } from './read-turn.ts';

/** A turn never takes more steps than this, whatever the tools answer. */
const MAX_STEPS = 6;

interface PlannerOptions extends BaseChatModelCallOptions {
  /** Names of the tools that may be called; all of them when absent. */
  toolNames?: readonly string[];
}

/**
 * A chat model without a language model: it understands plain requests by grammar, in English, and never
 * touches the network. It keeps no state; every step is worked out anew from the messages. Only what people
 * said is read as a request; tool results are data it may show, never follow.
 */
class OfflinePlanner extends BaseChatModel<PlannerOptions> {
  readonly #now: () => Date;
  #reader: Promise<TimeReader> | undefined;

  constructor(now: () => Date) {
    super({});
    this.#now = now;
  }

  override _llmType(): string {
    return 'agentdesk-offline-planner';
  }

  override bindTools(tools: BindToolsInput[], options: Partial<PlannerOptions> = {}) {
    return this.withConfig({ ...options, toolNames: tools.map(nameOf) });
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    const turn = readTurn(messages);
    const context = readContext(messages, this.#now());
    const allowed = options.toolNames;
    const canCall = (tool: string) => allowed === undefined || allowed.includes(tool);
    const move: Move =
      turn.steps >= MAX_STEPS
        ? { say: `I stopped after ${MAX_STEPS} steps without finishing. Ask for a smaller piece of it.` }
        : await this.#decide(turn, context, canCall);
    const message = toMessage(move);
    return { generations: [{ text: message.text, message }] };
  }

  async #decide(
    turn: ReturnType<typeof readTurn>,
    context: ReturnType<typeof readContext>,
    canCall: (tool: string) => boolean,
  ): Promise<Move> {
    const newest = turn.said.at(-1);
    if (newest === undefined) return { say: sayHelp() };
    if (newest.slot !== null && isStop(newest.text))
      return { say: 'All right, I left it. Nothing was done.' };
    this.#reader ??= import('chrono-node');
    const reader = await this.#reader;

    const parse = (text: string) => parseRequest(text, context, reader);
    const { opening, answers } = joinAnswers(turn.said, (said) => {
      const parsed = parse(said.text);
      if (said.slot === null || parsed.kind !== 'requests') return said.slot === null;
      return (
        !isFreeText(said.slot) || (parsed.requests.every((one) => one.reads) && /\bmy\b/i.test(said.text))
      );
    });
    const run = (text: string, given: typeof answers): Move | Stray => {
      const parsed = parse(text);
      if (parsed.kind === 'talk') return { say: parsed.text };
      if (parsed.kind === 'too_long') return { say: sayTooLong() };
      if (parsed.kind === 'unknown') return { say: sayCannot(parsed.text) };
      return decideMove(parsed.requests, turn.results, given, canCall);
    };
    const move = run(opening, answers);
    if (!('stray' in move)) return move;
    const alone = run(newest.text, []);
    return 'stray' in alone ? { say: sayCannot(newest.text) } : alone;
  }
}

/** Finds the message that opened the matter, and what was answered to the questions since. */
function joinAnswers(said: readonly Said[], opensNewMatter: (said: Said) => boolean) {
  const start = said.findLastIndex(opensNewMatter);
  const answers = said
    .slice(start + 1)
    .flatMap((one) => (one.slot === null ? [] : [{ slot: one.slot, text: one.text }]));
  return { opening: said[Math.max(start, 0)]?.text ?? '', answers };
}

function toMessage(move: Move): AIMessage {
  if ('say' in move) return new AIMessage(move.say);
  return new AIMessage({
    content: '',
    tool_calls: move.calls.map((call) => ({
      id: `call_${randomBytes(12).toString('hex')}`,
      name: call.tool,
      args: { ...call.args },
      type: 'tool_call' as const,
    })),
  });
}

function nameOf(tool: BindToolsInput): string {
  if (!isRecord(tool)) return '';
  if (typeof tool.name === 'string') return tool.name;
  return isRecord(tool.function) && typeof tool.function.name === 'string' ? tool.function.name : '';
}

/**
 * The model used when no other is configured.
 * @param options.now the clock, for when the system message tells no time
 */
export function createOfflinePlanner(options: { now: () => Date }): OfflinePlanner {
  return new OfflinePlanner(options.now);
}
