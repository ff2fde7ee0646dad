import { App, SocketModeReceiver, LogLevel } from '@slack/bolt';
import { createRequire } from 'node:module';
import { createBareGraph, readReply } from './bare-graph.ts';
import type { BareOptions } from './bare-options.ts';

const require = createRequire(import.meta.url);
const { Command } = require('@langchain/langgraph') as typeof import('@langchain/langgraph');
const { HumanMessage } = require('@langchain/core/messages') as typeof import('@langchain/core/messages');

/**
 * The bare baseline, a program of its own: Bolt, a LangGraph graph with PostgresSaver and `durability: 'sync'`, an
 * OpenAI-compatible model and one provider request, all against the same doubles. It has no policy, no ledger, no
 * audit, no vault: it holds a token. What it shares with AgentDesk is the way of a message in and of an answer out.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as BareOptions;
const graph = await createBareGraph(options);
const clientOptions = { slackApiUrl: options.apiUrl, retryConfig: { retries: 0 } };
const receiver = new SocketModeReceiver({
  appToken: options.appToken,
  logLevel: LogLevel.ERROR,
  installerOptions: { clientOptions },
});
const app = new App({ token: options.botToken, receiver, clientOptions, logLevel: LogLevel.ERROR });

app.event('message', async ({ event, client }) => {
  if (event.subtype !== undefined || !('user' in event) || 'bot_id' in event) return;
  const { channel, text = '', ts } = event;
  const thread = event.thread_ts ?? ts;
  // The echo: nothing but Bolt.
  if (text.startsWith('echo')) {
    await client.chat.postMessage({ channel, thread_ts: thread, text });
    return;
  }
  const state = await graph.invoke({ messages: [new HumanMessage(text)] }, configOf(channel, thread));
  const blocks =
    '__interrupt__' in state
      ? [
          {
            type: 'actions',
            elements: [{ type: 'button', action_id: 'approve', value: thread, text: PLAIN }],
          },
        ]
      : [];
  const shown = blocks.length === 0 ? readReply(state) : 'Approve?';
  await client.chat.postMessage({ channel, thread_ts: thread, text: shown, blocks });
});

app.action('approve', async ({ ack, body, client }) => {
  await ack();
  const { channel, message } = body as unknown as { channel: { id: string }; message: { thread_ts: string } };
  const config = configOf(channel.id, message.thread_ts);
  const state = await graph.invoke(new Command({ resume: true }), config);
  await client.chat.postMessage({
    channel: channel.id,
    thread_ts: message.thread_ts,
    text: readReply(state),
  });
});

const PLAIN = { type: 'plain_text', text: 'Approve' } as const;

function configOf(channel: string, thread: string) {
  return { configurable: { thread_id: `${channel}/${thread}` }, durability: 'sync' as const };
}

await app.start();
process.stdout.write('ready\n');
process.once('SIGTERM', () => process.exit(0));
