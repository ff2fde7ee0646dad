/**
 * Some OpenAI-compatible servers ignore `stream: true` and answer with one JSON completion. This `fetch` turns such an
 * answer into the single-chunk event stream the client expects (platform.openai.com, Chat Completions streaming).
 */
export function createStreamingFetch(send: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const response = await send(input, { ...init, redirect: 'error' });
    const asked = typeof init?.body === 'string' && init.body.includes('"stream":true');
    const isJson = response.headers.get('content-type')?.includes('application/json') === true;
    if (!asked || !response.ok || !isJson) return response;
    const completion = (await response.json()) as Completion;
    const chunk = {
      ...completion,
      object: 'chat.completion.chunk',
      choices: completion.choices.map(({ message, ...choice }) => ({
        ...choice,
        delta: {
          ...message,
          tool_calls: message.tool_calls?.map((call, index) => ({ ...call, index })),
        },
      })),
    };
    return new Response(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`, {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
    });
  };
}

interface Completion {
  readonly choices: readonly {
    readonly message: { readonly tool_calls?: readonly object[] };
  }[];
}
