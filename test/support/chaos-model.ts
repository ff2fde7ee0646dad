import { randomBytes } from 'node:crypto';
import type { CallPlan, StoryPlan } from './chaos-plan.ts';
import type { FakeCall, FakeReply, FakeRequest } from './fake-openai.ts';

const MARKER = /chaos-\d+-\d+/;

/**
 * A model that does what the plan of a story says: its calls, step by step, then one sentence that names how each
 * went. It remembers nothing: asked twice, it makes the same calls under new ids, as a real one does.
 */
export function createPlannedModel(): {
  learn(story: StoryPlan): void;
  reply(request: FakeRequest): FakeReply;
} {
  const stories = new Map<string, StoryPlan>();
  const calendar = createCalendar();
  return {
    learn: (story) => void stories.set(story.marker, story),
    reply({ messages }) {
      const at = messages.findLastIndex(
        ({ role, content }) => role === 'user' && MARKER.test(String(content)),
      );
      const said = String(messages[at]?.['content']);
      const marker = MARKER.exec(said)?.[0] ?? '';
      const story = stories.get(marker);
      if (story === undefined || said.includes('still there')) return { text: `Yes, I am. (${marker})` };
      const since = messages.slice(at + 1);
      const results = since.filter(({ role }) => role === 'tool').map(({ content }) => readResult(content));
      const step = story.steps[since.filter(({ role }) => role === 'assistant').length];
      const calls = step?.flatMap((call) => makeCall(call, results.at(-1)?.id, calendar(call.marker))) ?? [];
      if (calls.length > 0) return { calls };
      const went = results.map(({ ok, code }) => (ok ? 'ok' : code)).join(', ');
      return { text: `Answer to ${marker}: ${went}.` };
    },
  };
}

function readResult(content: unknown): { ok: boolean; code: string; id: string | undefined } {
  const result = JSON.parse(String(content)) as {
    ok: boolean;
    code?: string;
    data?: { id?: unknown } | null;
  };
  const id = result.data?.id;
  return { ok: result.ok, code: result.code ?? '?', id: typeof id === 'string' ? id : undefined };
}

/** An hour of each call's own: a card names what else is at the time, and cards are told apart by what they name. */
function createCalendar(): (marker: string) => { day: string; start: string; end: string } {
  const slots = new Map<string, number>();
  return (marker) => {
    const slot = slots.get(marker) ?? slots.size;
    slots.set(marker, slot);
    const day = new Date(Date.now() + (8 + Math.floor(slot / 8)) * 86_400_000).toISOString().slice(0, 10);
    const hour = String(9 + (slot % 8)).padStart(2, '0');
    return { day, start: `${day}T${hour}:00`, end: `${day}T${hour}:30` };
  };
}

function makeCall(
  { tool, marker }: CallPlan,
  previous: string | undefined,
  { day, ...hours }: { day: string; start: string; end: string },
): FakeCall[] {
  const call = (name: string, args: object): FakeCall[] => [
    { id: `call_${randomBytes(9).toString('hex')}`, name, arguments: JSON.stringify(args) },
  ];
  switch (tool) {
    case 'read':
      return call('calendar_events_list', { from: day, to: day, query: marker });
    case 'draft':
      return call('gmail_drafts_create', { to: ['priya@acme.test'], subject: marker, text: 'A draft.' });
    case 'event':
      return call('calendar_events_insert', { title: marker, ...hours });
    case 'patch':
      return previous === undefined
        ? []
        : call('calendar_events_patch', { event: previous, description: marker });
    case 'mail':
      return call('gmail_messages_send', { to: ['priya@acme.test'], subject: marker, text: 'Hello.' });
    case 'invite':
      return call('calendar_events_insert', { title: marker, ...hours, guests: ['priya@acme.test'] });
    case 'issue':
      return call('github_issues_create', { repository: 'acme/website', title: marker, body: 'Chaos.' });
    case 'comment':
      return call('github_issues_createComment', { repository: 'acme/website', number: 1, body: marker });
  }
}
