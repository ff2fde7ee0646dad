import { catalog, findActionByTool, toToolName } from '../../src/actions/catalog.ts';
import {
  AIMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type BaseMessage,
} from '../../src/agent/langchain.ts';
import { createOfflinePlanner } from '../../src/agent/planner/planner.ts';

export interface MadeCall {
  readonly name: string;
  readonly args: Record<string, unknown>;
}

export const TOOLS = catalog.map(({ id, description }) => ({
  type: 'function',
  function: { name: toToolName(id), description, parameters: { type: 'object' } },
}));

type Answer = (args: Record<string, unknown>) => unknown;

/**
 * A conversation with the planner; `tools` answers its calls the way the graph would hand results back.
 * Only what was said is kept from one turn to the next, as the bounded history does.
 */
export function createConversation(
  tools: Record<string, Answer> = {},
  {
    now = '2026-11-03T09:10:00Z',
    timeZone = 'Europe/Berlin',
    only = TOOLS.map((one) => one.function.name),
  } = {},
) {
  const planner = createOfflinePlanner({ now: () => new Date(now) });
  const bound = planner.bindTools(TOOLS.filter((one) => only.includes(one.function.name)));
  const member = { name: 'Ada Byron', email: 'ada@acme.test' };
  const history: BaseMessage[] = [];
  return {
    history,
    /** One turn: every step until the planner answers in words. */
    async say(text: string) {
      const turn: BaseMessage[] = [new HumanMessage(text)];
      const steps: MadeCall[][] = [];
      for (let step = 0; step < 12; step += 1) {
        const context = `Context: ${JSON.stringify({ now, timeZone, member })}`;
        const system = new SystemMessage(`You are AgentDesk.\n${context}\nBe brief.`);
        const answer = (await bound.invoke([system, ...history, ...turn])) as AIMessage;
        turn.push(answer);
        const calls = answer.tool_calls ?? [];
        if (calls.length === 0) {
          history.push(turn[0]!, new AIMessage(answer.text));
          return { steps, calls: steps.flat(), text: answer.text };
        }
        steps.push(calls.map(({ name, args }) => ({ name, args })));
        for (const call of calls) {
          findActionByTool(call.name)?.schema.parse(call.args);
          const result = tools[call.name]?.(call.args) ?? {
            ok: false,
            code: 'internal',
            message: 'No such stand-in.',
          };
          const content = typeof result === 'string' ? result : JSON.stringify(result);
          turn.push(new ToolMessage({ content, tool_call_id: call.id ?? '', name: call.name }));
        }
      }
      throw new Error('The planner did not come to an end.');
    },
  };
}

/** What the planner does first with a sentence. */
export async function firstStep(text: string, options: { now?: string; timeZone?: string } = {}) {
  const { now = '2026-11-03T09:10:00Z', timeZone = 'Europe/Berlin' } = options;
  const planner = createOfflinePlanner({ now: () => new Date(now) });
  const member = { name: 'Ada Byron', email: 'ada@acme.test' };
  const answer = (await planner
    .bindTools(TOOLS)
    .invoke([
      new SystemMessage(`Context: ${JSON.stringify({ now, timeZone, member })}`),
      new HumanMessage(text),
    ])) as AIMessage;
  return { calls: (answer.tool_calls ?? []).map(({ name, args }) => ({ name, args })), text: answer.text };
}

export const done = (summary: string, data: unknown = {}) => ({ ok: true, summary, data });

export const event = (id: string, title: string, start: string, end: string, more: object = {}) => ({
  id, title, start, end, allDay: start.length === 10, guests: [], link: `https://calendar.test/${id}`, ...more,
}); // prettier-ignore

export const mail = (id: string, from: string, subject: string, snippet = '') => ({
  id, threadId: `t-${id}`, from, to: ['ada@acme.test'], subject, date: '2026-11-02', snippet,
}); // prettier-ignore
