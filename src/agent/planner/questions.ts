/**
 * The planner keeps no state: an open question is recognised by its own words at the end of the last answer
 * in the conversation. Each sentence therefore means exactly one thing to be filled in.
 */
const QUESTIONS = {
  mailText: 'What should the mail say?',
  address: 'Which e-mail address should I use?',
  mail: 'Which mail do you mean?',
  searchWords: 'What should I look for in your mail?',
  when: 'When should it be?',
  startTime: 'At what time should it start?',
  newTime: 'When should it be instead?',
  eventTitle: 'What should the event be called?',
  newTitle: 'What should the new title be?',
  event: 'Which event do you mean?',
  guests: 'Who should that be, as e-mail addresses?',
  repository: 'Which repository is it, as owner/name?',
  issue: 'Which issue is it, as owner/name#number?',
  issueTitle: 'What should the title of the issue be?',
  comment: 'What should the comment say?',
  labels: 'Which label should it get?',
} as const;

export type Slot = keyof typeof QUESTIONS;

const FREE_TEXT: readonly Slot[] = ['mailText', 'eventTitle', 'newTitle', 'issueTitle', 'comment'];

/** The question's words, always the last thing in an answer. */
export function questionFor(slot: Slot): string {
  return QUESTIONS[slot];
}

/** Which question an answer of ours ended with, or null. It has a line of its own. */
export function readQuestion(answer: string): Slot | null {
  const lastLine = answer.trimEnd().split('\n').at(-1);
  return (Object.keys(QUESTIONS) as Slot[]).find((slot) => QUESTIONS[slot] === lastLine) ?? null;
}

/** Whether the answer is the person's own wording, which may look like a request without being one. */
export function isFreeText(slot: Slot): boolean {
  return FREE_TEXT.includes(slot);
}
