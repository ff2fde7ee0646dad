import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them: any text. */
  readonly arguments: string;
}

/** What the model says next, or what goes wrong instead. */
export type FakeReply =
  | { readonly text?: string; readonly calls?: readonly FakeCall[]; readonly finish?: 'length' }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly error?: string }
  /** `start`: no answer at all; `middle`: the answer begins and does not go on. */
  | { readonly hang: 'start' | 'middle' }
  /** Bytes as they are, with status 200. */
  | { readonly raw: string; readonly type: string };

export interface FakeRequest {
  readonly model: string;
  readonly messages: readonly Record<string, unknown>[];
  readonly tools?: readonly { function: { name: string; description: string; parameters: object } }[];
  readonly stream?: boolean;
}

export interface FakeOpenAi {
  /** For OPENAI_BASE_URL. */
  readonly baseUrl: string;
  readonly requests: FakeRequest[];
  /** What was refused as malformed, in words. */
  readonly violations: string[];
  stop(): Promise<void>;
}

/** Of Chat Completions; anything else is refused, as OpenAI does. */
const FIELDS = new Set(
  'model messages tools tool_choice stream stream_options temperature max_completion_tokens parallel_tool_calls'.split(
    ' ',
  ),
);

/**
 * An OpenAI-compatible server on loopback (platform.openai.com, API reference: Chat Completions, Models): strict in
 * what it takes, and able to misbehave in what it gives.
 * @param reply what to answer to a request; `index` counts from 0
 * @param options `ignoreStream`: answers one JSON body whatever was asked, as some servers do
 */
export async function startFakeOpenAi(
  reply: (request: FakeRequest, index: number) => FakeReply,
  options: { key?: string; model?: string; ignoreStream?: boolean } = {},
): Promise<FakeOpenAi> {
  const { key = 'sk-fake-key', model = 'fake-1', ignoreStream = false } = options;
  const requests: FakeRequest[] = [];
  const violations: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.headers.authorization !== `Bearer ${key}`)
        return sendError(response, 401, `Incorrect API key provided: ${request.headers.authorization ?? ''}`);
      if (request.method === 'GET' && request.url === '/v1/models')
        return sendJson(response, 200, { object: 'list', data: [{ id: model, object: 'model' }] });
      if (request.method !== 'POST' || request.url !== '/v1/chat/completions')
        return sendError(response, 404, 'Unknown request URL');
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as FakeRequest;
      const violation = findViolation(body, model);
      if (violation !== null) {
        violations.push(violation);
        return sendError(response, 400, violation);
      }
      requests.push(body);
      const said = reply(body, requests.length - 1);
      give(response, said, model, body.stream === true && !ignoreStream);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    violations,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function give(response: ServerResponse, reply: FakeReply, model: string, stream: boolean): void {
  if ('hang' in reply) {
    if (reply.hang === 'middle') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(writeEvent(model, { role: 'assistant', content: 'I am' }, null));
    }
  } else if ('raw' in reply) response.writeHead(200, { 'content-type': reply.type }).end(reply.raw);
  else if ('status' in reply) sendError(response, reply.status, reply.error ?? 'trouble', reply.headers);
  else if (stream) sendEvents(response, reply, model);
  else {
    const { text = null, calls } = reply;
    const toolCalls = calls?.map(({ id, ...call }) => ({ id, type: 'function', function: call }));
    const message = { role: 'assistant', content: text, ...(toolCalls && { tool_calls: toolCalls }) };
    const finish_reason = reply.finish ?? (calls === undefined ? 'stop' : 'tool_calls');
    sendJson(response, 200, {
      ...envelope(model),
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    });
  }
}

const envelope = (model: string) => ({ id: 'chatcmpl-1', created: 1_700_000_000, model });

function writeEvent(model: string, delta: object, finish: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...envelope(model), object: 'chat.completion.chunk', choices })}\n\n`;
}

/** In many small deltas, and in packets that end anywhere, in the middle of a character too. */
function sendEvents(
  response: ServerResponse,
  { text, calls = [], finish }: Extract<FakeReply, { calls?: unknown; text?: unknown }>,
  model: string,
): void {
  const deltas: object[] = [{ role: 'assistant', content: calls.length === 0 ? '' : null }];
  for (const part of cut(text ?? '', 7)) deltas.push({ content: part });
  calls.forEach(({ id, name, arguments: args }, index) => {
    deltas.push({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
    for (const part of cut(args, 7)) deltas.push({ tool_calls: [{ index, function: { arguments: part } }] });
  });
  const last = writeEvent(model, {}, finish ?? (calls.length === 0 ? 'stop' : 'tool_calls'));
  const all = Buffer.from(
    `${deltas.map((delta) => writeEvent(model, delta, null)).join('')}${last}data: [DONE]\n\n`,
  );
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let at = 0; at < all.length; at += 97) response.write(all.subarray(at, at + 97));
  response.end();
}

function cut(text: string, size: number): string[] {
  const letters = Array.from(text);
  return Array.from({ length: Math.ceil(letters.length / size) }, (_, part) =>
    letters.slice(part * size, (part + 1) * size).join(''),
  );
}

/** What OpenAI would refuse of a request; null when it is fine. */
function findViolation(body: FakeRequest, model: string): string | null {
  const unknown = Object.keys(body).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) return `Unrecognized request argument supplied: ${unknown}`;
  if (body.model !== model) return `The model ${body.model} does not exist`;
  for (const { function: tool } of body.tools ?? []) {
    if (!/^[\w-]{1,64}$/.test(tool.name)) return `Invalid function name ${tool.name}`;
    if ((tool.parameters as { type?: unknown }).type !== 'object')
      return `Invalid schema for function ${tool.name}: schema must have type object`;
  }
  let open: string[] = [];
  for (const message of body.messages) {
    if (message['role'] === 'tool') {
      const id = message['tool_call_id'] as string;
      if (!open.includes(id)) return `No tool call ${id} is open`;
      open = open.filter((known) => known !== id);
      continue;
    }
    if (open.length > 0) return `tool_call_ids did not have response messages: ${open.join(', ')}`;
    if (!['system', 'developer', 'user', 'assistant'].includes(String(message['role'])))
      return 'Invalid role';
    const calls = (message['tool_calls'] ?? []) as {
      id: string;
      function: { name: string; arguments: string };
    }[];
    if (calls.some((call) => !/^[\w-]{1,64}$/.test(call.function.name)))
      return 'Invalid function name in history';
    open = calls.map(({ id }) => id);
  }
  return open.length > 0 ? `tool_call_ids did not have response messages: ${open.join(', ')}` : null;
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function sendError(
  response: ServerResponse,
  status: number,
  message: string,
  headers?: Readonly<Record<string, string>>,
): void {
  sendJson(response, status, { error: { message, type: 'error', param: null, code: null } }, headers);
}
