import { followConnectLink } from '../../src/main/demo/browser.ts';
import { createPerson, findButton, readAll, type ShownMessage } from '../../src/main/demo/person.ts';

/** Has Ben ask in his direct message. @returns what the desk said last in that thread, once it `has` something */
export async function askAsBen(
  url: string,
  text: string,
  has: (shown: string, message: ShownMessage) => boolean,
): Promise<ShownMessage> {
  const ben = createPerson(url, 'U0BEN', 'D0BEN');
  const thread = await ben.say(text);
  return ben.until(`an answer to ${text}`, ({ messages }) =>
    messages.findLast((one) => one.thread_ts === thread && one.user !== 'U0BEN' && has(readAll(one), one)),
  );
}

/** Connects an account of Ben's through the link of the card that his question leads to. */
export async function connectBen(url: string, question: string, account: string): Promise<void> {
  const linkOf = ({ blocks = [] }: ShownMessage): string | undefined =>
    blocks.flatMap(({ elements = [] }) => elements).find((one) => one.url?.includes('/connect/'))?.url;
  const card = await askAsBen(url, question, (_, message) => linkOf(message) !== undefined);
  await followConnectLink(linkOf(card) ?? '', { user: 'U0BEN', account });
}

export const isCard = (_: string, message: ShownMessage): boolean =>
  findButton(message, 'Approve') !== undefined;
