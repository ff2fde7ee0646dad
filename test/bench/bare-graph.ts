import { createRequire } from 'node:module';
import { z } from 'zod';
import type { BareOptions } from './bare-options.ts';

const require = createRequire(import.meta.url);
const { Annotation, END, START, StateGraph, interrupt } =
  require('@langchain/langgraph') as typeof import('@langchain/langgraph');
const { PostgresSaver } =
  require('@langchain/langgraph-checkpoint-postgres') as typeof import('@langchain/langgraph-checkpoint-postgres');
const { ChatOpenAI } = require('@langchain/openai') as typeof import('@langchain/openai');
const { ToolMessage } = require('@langchain/core/messages') as typeof import('@langchain/core/messages');

type Message = import('@langchain/core/messages').BaseMessage;

/** Appended only: LangGraph's own reducer takes two answers with one id for one message, and the double gives one id. */
const Messages = Annotation.Root({
  messages: Annotation<Message[]>({ reducer: (before, added) => [...before, ...added], default: () => [] }),
});

type State = typeof Messages.State;

const TOOLS = [
  {
    name: 'calendar_events_list',
    description: 'List the events of a calendar.',
    schema: z.object({ from: z.string(), to: z.string() }),
  },
  {
    name: 'gmail_messages_send',
    description: 'Send an e-mail.',
    schema: z.object({ to: z.array(z.string()), subject: z.string(), text: z.string() }),
  },
];

/** model → tool → model; the tool that writes waits in `interrupt()` for a click. */
export async function createBareGraph(options: BareOptions) {
  const saver = PostgresSaver.fromConnString(options.databaseUrl);
  await saver.setup();
  const model = new ChatOpenAI({
    model: 'fake-1',
    apiKey: options.modelKey,
    streamUsage: false,
    maxRetries: 0,
    useResponsesApi: false,
    configuration: { baseURL: options.modelUrl },
  }).bindTools(TOOLS);

  const askModel = async ({ messages }: State) => ({ messages: [await model.invoke(messages)] });
  const useTool = async ({ messages }: State) => {
    const [call] =
      (messages.at(-1) as { tool_calls?: { id?: string; name: string; args: unknown }[] }).tool_calls ?? [];
    if (call?.name === 'gmail_messages_send') interrupt({ ask: 'approve', call });
    const answer = await (call?.name === 'gmail_messages_send'
      ? sendMail(options, call.args as { subject: string; text: string })
      : listEvents(options, call?.args as { from: string; to: string }));
    const content = JSON.stringify({ ok: answer.ok, answer: await answer.json() });
    return { messages: [new ToolMessage({ tool_call_id: call?.id ?? '', content })] };
  };
  const route = ({ messages }: State) =>
    ((messages.at(-1) as { tool_calls?: unknown[] }).tool_calls ?? []).length > 0 ? 'tool' : END;
  return new StateGraph(Messages)
    .addNode('model', askModel)
    .addNode('tool', useTool)
    .addEdge(START, 'model')
    .addConditionalEdges('model', route, ['tool', END])
    .addEdge('tool', 'model')
    .compile({ checkpointer: saver });
}

export function readReply(state: { messages?: { content: unknown }[] }): string {
  return String(state.messages?.at(-1)?.content ?? '');
}

function listEvents({ googleUrl, token }: BareOptions, { from, to }: { from: string; to: string }) {
  const query = new URLSearchParams({
    timeMin: from,
    timeMax: to,
    singleEvents: 'true',
    orderBy: 'startTime',
  });
  const url = `${googleUrl}/calendar/v3/calendars/primary/events?${query.toString()}`;
  return fetch(url, { headers: { authorization: `Bearer ${token}` } });
}

function sendMail({ googleUrl, token }: BareOptions, mail: { subject: string; text: string }) {
  const lines = ['From: ben@acme.test', 'To: priya@acme.test', `Subject: ${mail.subject}`, '', mail.text];
  const raw = Buffer.from(lines.join('\r\n')).toString('base64url');
  return fetch(`${googleUrl}/gmail/v1/users/me/drafts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: { raw } }),
  });
}
