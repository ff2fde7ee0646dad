import { DeskError } from '../errors.ts';

/**
 * Some OpenAI-compatible servers ignore `stream: true` and answer with one JSON completion. This `fetch` turns such an
 * answer into the single-chunk event stream the client expects (platform.openai.com, Chat Completions streaming).
 * Redirects are refused: the key is for the configured server.
 * @throws (from the fetch) DeskError `model_failed` for an answer that is no completion at all
 */
export function createStreamingFetch(send: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const response = await send(input, { ...init, redirect: 'error' });
    const asked = typeof init?.body === 'string' && init.body.includes('"stream":true');
    const type = response.headers.get('content-type') ?? '';
    if (!asked || !response.ok || type.includes('text/event-stream')) return response;
    const text = await response.text();
    // A stream after all, under another name.
    if (text.startsWith('data:')) return answerStream(text);
    const completion = parseCompletion(text);
    const chunk = {
      ...completion,
      object: 'chat.completion.chunk',
      choices: completion.choices.map(({ message, ...choice }) => ({
        ...choice,
        delta: {
          ...message,
          tool_calls: message?.tool_calls?.map((call, index) => ({ ...call, index })),
        },
      })),
    };
    return answerStream(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
  };
}

function answerStream(text: string): Response {
  return new Response(text, { status: 200, headers: { 'content-type': 'text/event-stream' } });
}

interface Completion {
  readonly choices: readonly {
    readonly message?: { readonly tool_calls?: readonly object[] };
  }[];
}

function parseCompletion(text: string): Completion {
  try {
    const completion = JSON.parse(text) as Partial<Completion> | null;
    if (Array.isArray(completion?.choices)) return completion as Completion;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new DeskError('model_failed', { problem: 'it did not answer as such a service does' });
}
