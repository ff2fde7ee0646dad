import { tellDone } from './answer.ts';
import { saySpan } from './clock.ts';
import { chooseEvent, readEventChoice } from './event-choice.ts';
import { argsOf, tidy, type Grammar, type Scope } from './grammar.ts';
import { ADDRESS, HIDDEN } from './mask.ts';
import { addressesIn } from './people.ts';
import { ask, callTool, type Plan, type Request } from './plan.ts';
import type { EventItem } from './results.ts';

const ISSUE = /#\d|\bissues?\b/i;

/** "rename the standup to 'Daily'", "change the title of my 3pm to Sync" */
export const readRetitle: Grammar = (clause, scope) => {
  const match =
    /^(?:rename|retitle)\s+(.+?)(?:\s+(?:to|as|into)\s+(.+)|\s+([\uE000-\uF8FF]))?$/is.exec(clause) ??
    /^(?:change|set|update)\s+the\s+(?:title|name)\s+of\s+(.+?)(?:\s+(?:to|as|into)\s+(.+))?$/is.exec(clause);
  if (!match || ISSUE.test(clause)) return null;
  const title = tidy(match[2] ?? match[3] ?? '', scope);
  return changeEvent(match[1] ?? '', scope, function* (event) {
    const name = title || (yield* ask('newTitle', [], (text) => text.trim() || null));
    return {
      args: { title: name },
      label: `rename “${event.title}” to “${name}”`,
      news: `“${event.title}” is now called “${name}”.`,
    };
  });
};

/** "change the location of my 3pm to Room 4", "move the standup to Room 4" */
export const readRelocate: Grammar = (clause, scope) => {
  const match =
    /^(?:change|set|update)\s+the\s+(?:location|room|place)\s+(?:of|for)\s+(.+?)\s+to\s+(.+)$/is.exec(
      clause,
    ) ?? /^move\s+(.+?)\s+to\s+((?:the\s+)?(?:room|meeting room|office|building)\b.*)$/is.exec(clause);
  if (!match) return null;
  const location = tidy(match[2] ?? '', scope);
  return changeEvent(match[1] ?? '', scope, function* (event) {
    return {
      args: { location },
      label: `move “${event.title}” to ${location}`,
      news: `“${event.title}” now takes place at ${location}.`,
    };
  });
};

/** "invite ben@acme.test to my 3pm", "remove ben@acme.test from the design review" */
export const readGuests: Grammar = (clause, scope) => {
  const match = new RegExp(
    `^(invite|add|remove|uninvite|disinvite|drop)\\s+((?:${ADDRESS}(?:\\s*(?:,|&|and)\\s*)*)+)(?:\\s+as (?:a )?guests?)?\\s+(?:to|from|for)\\s+(.+)$`,
    'is',
  ).exec(clause);
  const words = match?.[3] ?? '';
  // "invite ben@acme.test to lunch tomorrow" makes an event; "to my 3pm" or "to the standup" changes one.
  const isKnown = new RegExp(`^(?:my|the|our|this|today|tomorrow|${HIDDEN})`, 'i').test(words);
  if (!match || ISSUE.test(clause) || (/^invite/i.test(clause) && !isKnown)) return null;
  const adds = /^(?:invite|add)/i.test(match[1] ?? '');
  const guests = addressesIn(match[2] ?? '');
  return changeEvent(words, scope, function* (event) {
    return {
      args: adds ? { addGuests: guests } : { removeGuests: guests },
      label: `${adds ? 'invite' : 'remove'} ${guests.join(', ')} ${adds ? 'to' : 'from'} “${event.title}”`,
      news: `${guests.join(', ')} ${adds ? 'is invited to' : 'was removed from'} “${event.title}”.`,
    };
  });
};

/** "cancel my 3pm meeting", "delete the 'Lunch' event on friday" */
export const readCancel: Grammar = (clause, scope) => {
  const words = /^(?:cancel|delete|remove|drop|call off)\s+(.+)$/is.exec(clause)?.[1];
  if (
    words === undefined ||
    ISSUE.test(clause) ||
    /\b(?:mail|e-?mail|draft|label|comment|repo)\b|(?<!\bwith\s+\S*)@/i.test(clause)
  )
    return null;
  const choice = readEventChoice(words, scope);
  if (/^(?:it|that|this|everything)$/i.test(words)) return null;
  return {
    reads: false,
    topic: {},
    *plan(): Plan {
      const found = yield* chooseEvent(choice, scope);
      if ('ending' in found) return found.ending;
      const { event } = found;
      const when = saySpan(event.start, event.end);
      const label = `cancel “${event.title}” (${when})`;
      const result = yield* callTool('calendar_events_delete', { event: event.id }, label);
      return tellDone(label, result, {
        subject: `Cancelled: ${event.title}`,
        sentence: `“${event.title}” on ${when} (${scope.context.clock.timeZone}) is cancelled.`,
      });
    },
  };
};

function changeEvent(
  words: string,
  scope: Scope,
  change: (event: EventItem) => Plan<{ args: Record<string, unknown>; label: string; news: string }>,
): Request {
  const choice = readEventChoice(words, scope);
  return {
    reads: false,
    topic: {},
    *plan(): Plan {
      const found = yield* chooseEvent(choice, scope);
      if ('ending' in found) return found.ending;
      const { args, label, news } = yield* change(found.event);
      const result = yield* callTool(
        'calendar_events_patch',
        argsOf({ event: found.event.id, ...args }),
        label,
      );
      return tellDone(label, result, { subject: `Changed: ${found.event.title}`, sentence: news });
    },
  };
}
