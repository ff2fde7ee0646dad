import type { FakeReply, FakeRequest } from '../support/fake-openai.ts';

/** The model of both sides: it looks at the calendar, or mails Priya, and then says that it is done. */
export function think({ messages }: FakeRequest): FakeReply {
  const last = messages.at(-1);
  const text = String(last?.['content']);
  if (last?.['role'] === 'tool')
    return { text: text.includes('"ok":true') ? DONE : `It is not done: ${text.slice(0, 300)}` };
  const call = (name: string, args: object): FakeReply => ({
    calls: [{ id: `call_${messages.length}_${name}`, name, arguments: JSON.stringify(args) }],
  });
  return text.includes('mail')
    ? call('gmail_messages_send', {
        to: ['priya@acme.test'],
        subject: text.slice(0, 60),
        text: 'Hello Priya.',
      })
    : call('calendar_events_list', DAY);
}

/** The last words of a turn that went well. */
export const DONE = 'Your day has two events in it.';

/** Always the same, so that the model's request is the same each time. */
const DAY = { from: '2031-03-03T00:00:00Z', to: '2031-03-04T00:00:00Z' };
