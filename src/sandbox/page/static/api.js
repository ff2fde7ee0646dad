/** What the page shows for a member and a conversation, see `buildState` on the server. */
export async function fetchState(user, channel) {
  const query = new URLSearchParams();
  if (user !== null) query.set('user', user);
  if (channel !== null) query.set('channel', channel);
  return readAnswer(await fetch(`/sandbox/state?${query}`));
}

/**
 * Asks the sandbox to do something as a person in Slack would.
 * @param {string} command e.g. 'say', 'click'
 * @returns the world's answer
 * @throws {Error} with a sentence for the person
 */
export async function post(command, body) {
  const answer = await fetch(`/sandbox/${command}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await readAnswer(answer)).result;
}

async function readAnswer(answer) {
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.problem ?? `The sandbox answered ${answer.status}.`);
  return body;
}

/**
 * Calls back whenever something in the sandbox changed, and when the connection comes or goes.
 * @param {{ changed: () => void, connected: (isConnected: boolean) => void }} listeners
 */
export function listen({ changed, connected }) {
  const source = new EventSource('/sandbox/events');
  source.addEventListener('open', () => {
    connected(true);
    changed();
  });
  source.addEventListener('changed', changed);
  source.addEventListener('error', () => connected(false));
}
