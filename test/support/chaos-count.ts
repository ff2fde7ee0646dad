import type { Outside } from './outside.ts';
import type { CallPlan } from './chaos-plan.ts';

/** What providers did for a call: one entry per effect, with the text that was to be seen in it. */
export type CountEffects = (call: CallPlan) => string[];

/** Reads the far sides once, for many calls. */
export function readEffects({ google, github }: Outside): CountEffects {
  const boxes = google.mailboxes();
  const sent = boxes.flatMap((box) => box.messages.filter(({ labels }) => labels.includes('SENT')));
  const drafts = boxes.flatMap((box) => box.drafts);
  // An event shows on the calendar of each guest as well.
  const events = [
    ...new Map(google.calendars().flatMap(({ events }) => events.map((event) => [event.id, event]))).values(),
  ];
  const issues = github.repositories().flatMap((repository) => repository.issues);
  const comments = issues.flatMap((issue) => issue.comments);
  return ({ tool, marker }) => {
    const having = <T>(list: readonly T[], textOf: (one: T) => string): string[] =>
      list.map(textOf).filter((text) => text.includes(marker));
    switch (tool) {
      case 'read':
        return [];
      case 'mail':
        return having(sent, ({ subject }) => subject);
      case 'draft':
        return having(drafts, ({ subject }) => subject);
      case 'event':
      case 'invite':
        return having(events, ({ title }) => title);
      case 'patch':
        return having(events, ({ description }) => description);
      case 'issue':
        return having(issues, ({ title }) => title);
      case 'comment':
        return having(comments, ({ body }) => body);
    }
  };
}
