import { followConnectLink } from './browser.ts';
import { createPerson, findButton, readAll, type Person, type Shown, type ShownMessage } from './person.ts';
import type { Transcript } from './transcript.ts';

interface Outside {
  readonly outside: {
    readonly mail: { readonly sent: readonly { to: unknown; subject: string }[] } | null;
    readonly repositories: readonly {
      readonly fullName: string;
      readonly issues: readonly { title: string }[];
    }[];
  };
}

/** Ben's day at the desk, told and checked step by step, over the sockets a browser would use. */
export async function playStory(base: string, told: Transcript): Promise<void> {
  const ben = createPerson(base, 'U0BEN', 'D0BEN');
  const ada = createPerson(base, 'U0ADA', 'D0ADA');
  const outside = async (): Promise<Outside['outside']> => ((await ben.look()) as Shown & Outside).outside;
  const sent = async (subject: string): Promise<number> =>
    (await outside()).mail?.sent.filter((mail) => mail.subject === subject).length ?? 0;
  const issues = async (title: string): Promise<number> =>
    (await outside()).repositories
      .flatMap((repository) => repository.issues)
      .filter((issue) => issue.title === title).length;

  await told.step('A calendar question; the account is missing, so it is connected first', async () => {
    const question = "What's on my calendar today?";
    const thread = await say(ben, told, question);
    const card = await botMessage(ben, thread, 'a connect card', (message) => linkOf(message) !== undefined);
    told.says('desk', card.text);
    told.says(
      'page',
      await followConnectLink(linkOf(card) ?? '', { user: 'U0BEN', account: 'ben@acme.test' }),
    );
    const answer = await botMessage(ben, thread, 'the answer', (message) =>
      /Priya|Standup/.test(readAll(message)),
    );
    told.says('desk', answer.text);
    told.check(
      'it was answered by itself once connected, without an approval',
      findButton(answer, 'Approve') === undefined,
    );
  });

  await told.step('A mail: nothing leaves before Approve, then it is in the mailbox', async () => {
    const { thread, card } = await ask(
      ben,
      told,
      "Mail priya@acme.test about 'Lunch' saying 'Shall we have lunch on Friday?'",
    );
    told.check('nothing was sent yet', (await sent('Lunch')) === 0);
    await ben.until('the thread to show that it waits', ({ sessions }) =>
      sessions.some((session) => session.thread_ts === thread && session.status === 'suspended'),
    );
    told.says('slack', 'the thread shows that it waits for him');
    await ben.press(card, 'Approve');
    await reply(ben, told, thread);
    told.check('the mail is in the mailbox, once', (await sent('Lunch')) === 1);
  });

  await told.step('A mail denied with a reason: nothing is sent, and the agent is told why', async () => {
    const { thread, card } = await ask(
      ben,
      told,
      "Mail everyone@outside.example about 'Prices' saying 'Here are our prices.'",
    );
    await ben.press(card, 'Deny with reason');
    await ben.fillModal('Prices are not final');
    const answer = await reply(ben, told, thread);
    told.check('the agent repeats the reason', answer.includes('Prices are not final'));
    told.check('nothing was sent', (await sent('Prices')) === 0);
  });

  await told.step('GitHub is connected by command, and an issue is opened', async () => {
    const offer = await ben.slash('connect github');
    const link = /https?:\/\/[^\s|>]+\/connect\/[^\s|>]+/.exec(offer)?.[0] ?? (await lastLink(ben));
    told.says('page', await followConnectLink(link, { user: 'U0BEN', account: 'ben-acme' }));
    const { thread, card } = await ask(
      ben,
      told,
      "Open an issue in acme/website titled 'Broken footer' saying 'The footer overlaps on phones.'",
    );
    told.check('no issue yet', (await issues('Broken footer')) === 0);
    await ben.press(card, 'Approve');
    await reply(ben, told, thread);
    told.check('the issue exists, once', (await issues('Broken footer')) === 1);
  });

  await told.step('One sentence, two calls, decided in reverse order', async () => {
    const thread = await say(
      ben,
      told,
      "Open an issue in acme/website titled 'Second thing' and mail priya@acme.test about 'Second' saying 'I opened it.'",
    );
    const cards = await ben.until('two cards', ({ messages }) => {
      const found = messages.filter(
        (message) => message.thread_ts === thread && findButton(message, 'Approve') !== undefined,
      );
      return found.length === 2 ? found : null;
    });
    const [first, second] = cards as [ShownMessage, ShownMessage];
    await ben.press(second, 'Approve');
    await ben.until('the second card to be done', ({ messages }) =>
      messages.some((message) => message.ts === second.ts && findButton(message, 'Approve') === undefined),
    );
    told.says('ben', 'approves the second card first');
    await ben.press(first, 'Approve');
    await reply(ben, told, thread);
    told.check(
      'both happened, once each',
      (await issues('Second thing')) === 1 && (await sent('Second')) === 1,
    );
  });

  await told.step('A double click and a stranger', async () => {
    const { thread, card } = await ask(
      ben,
      told,
      "Mail priya@acme.test about 'Twice' saying 'Only once, please.'",
    );
    const button = findButton(card, 'Approve');
    if (button === undefined) throw new Error('the card has no Approve');
    const code = /\b[0-9A-HJKMNP-TV-Z]{8}\b/.exec(card.text)?.[0] ?? '';
    const refused = await ada.slash(`approve ${code}`);
    told.says('ada', `/agentdesk approve ${code}`);
    told.says('desk', refused);
    told.check("Ada's attempt decided nothing", refused.includes('Only') && (await sent('Twice')) === 0);
    await Promise.all([ben.pressRaw(card, button), ben.pressRaw(card, button)]);
    await reply(ben, told, thread);
    told.check('two clicks, one mail', (await sent('Twice')) === 1);
  });

  await told.step('The audit of all of it', async () => {
    const audit = await ben.slash('audit 50');
    told.says('audit', audit);
    told.check('it names decisions by code', /[0-9A-HJKMNP-TV-Z]{8}/.test(audit));
    const refused = [...(await ben.look()).violations, ...(await ada.look()).violations];
    told.check(`Slack refused none of our blocks (${refused.length})`, refused.length === 0);
  });
}

async function say(who: Person, told: Transcript, text: string): Promise<string> {
  told.says(who.id === 'U0BEN' ? 'ben' : who.id, text);
  return who.say(text);
}

/** Says something that needs an approval. @returns its thread and the card */
async function ask(
  who: Person,
  told: Transcript,
  text: string,
): Promise<{ thread: string; card: ShownMessage }> {
  const thread = await say(who, told, text);
  const card = await botMessage(
    who,
    thread,
    'a card',
    (message) => findButton(message, 'Approve') !== undefined,
  );
  told.says('card', readAll(card).split('\n').slice(0, 12).join('\n'));
  return { thread, card };
}

/** The desk's final words in a thread: the newest message that is no card. */
async function reply(who: Person, told: Transcript, thread: string): Promise<string> {
  const answer = await who.until('the reply', ({ messages, sessions }) => {
    const ended = sessions.some((session) => session.thread_ts === thread && session.status === 'active');
    const last = messages.findLast(
      (message) =>
        message.thread_ts === thread && message.user !== who.id && message.ephemeralFor === undefined,
    );
    return ended && last !== undefined ? last : null;
  });
  const text = readAll(answer);
  told.says('desk', text);
  return text;
}

function botMessage(
  who: Person,
  thread: string,
  what: string,
  fits: (message: ShownMessage) => boolean,
): Promise<ShownMessage> {
  return who.until(what, ({ messages }) =>
    messages.findLast((message) => message.thread_ts === thread && message.user !== who.id && fits(message)),
  );
}

function linkOf(message: ShownMessage): string | undefined {
  for (const block of message.blocks ?? []) {
    const found = block.elements?.find((element) => element.url?.includes('/connect/') === true);
    if (found?.url !== undefined) return found.url;
  }
  return undefined;
}

async function lastLink(who: Person): Promise<string> {
  return who.until('a connect link', ({ messages }) => {
    const last = messages.findLast((message) => linkOf(message) !== undefined);
    return last === undefined ? null : linkOf(last);
  });
}
