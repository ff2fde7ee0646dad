import { followConnectLink } from '../../src/main/demo/browser.ts';
import type { Side } from './side.ts';
import type { Posted } from './slack-wire.ts';

/** Each of them asks for something and goes through the connect link that comes. */
export async function connectPeople(desk: Side, people: readonly string[]): Promise<void> {
  for (const user of people) {
    const card = await desk.wait(user, 'What is on my calendar?', (posted) => findLink(posted) !== undefined);
    const after = new Promise<void>((resolve) => {
      const stop = desk.slack.onPost((posted) => {
        if (posted.channel !== card.channel || posted.method !== 'chat.postMessage') return;
        stop();
        resolve();
      });
    });
    await followConnectLink(findLink(card) ?? '', { user, account: 'ben@acme.test' });
    await after;
  }
}

function findLink({ blocks }: Posted): string | undefined {
  const elements = blocks.flatMap((block) => block.elements ?? []);
  return elements.find((element) => element.url?.includes('/connect/'))?.url;
}
