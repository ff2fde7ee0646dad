import { MARK, stop, take, type Draft } from './draft.ts';
import { ask, refuse } from './reading.ts';

const TIME = String.raw`(?:(\d{1,2})(?::(\d{2}))?\s?(a\.?m\.?|p\.?m\.?|h|hrs|o'clock)?|(noon|midday|midnight))`;
const BETWEEN_TIMES = new RegExp(
  String.raw`\b(outside(?: of)?|except)?\s?(?:between|from)?\s?${TIME} (?:and|to|until|till|-) ${TIME}(?= |$)`,
);
const AFTER = new RegExp(
  String.raw`\b(after|past|later than|from|since) ${TIME}(?: on(?:ward|wards)?\b)?(?= |$)`,
);
const BEFORE = new RegExp(String.raw`\b(?:before|earlier than) ${TIME}(?= |$)`);
const VAGUE =
  /\b(?:(?:outside(?: of)?|during|in|after|before)? ?(?:the )?(?:working|business|office) (?:hours|time)|at night|overnight|in the (?:evening|morning|afternoon|night)s?|evenings|late|early|after work|after hours)\b/;

/** "after 3pm", "between 9 and 17": hours of the day, taken out of the text. */
export function readHours(draft: Draft): void {
  const whole = take(draft, BETWEEN_TIMES);
  if (whole !== null) {
    const [from, to] = [hourOf(draft, whole.slice(2, 6)), hourOf(draft, whole.slice(6, 10))];
    if (from === null || to === null) return;
    if (from === to)
      return stop(draft, ask('That begins and ends at the same hour. From which hour to which?'));
    const isOutside = whole[1] !== undefined;
    draft.conditions.push({ kind: 'hours', from: isOutside ? to : from, to: isOutside ? from : to });
  }
  readOneSided(draft);
  const vague = VAGUE.exec(draft.rest);
  if (vague !== null)
    stop(
      draft,
      ask(`From which hour to which is “${vague[0].trim()}”? Say it like: between 18:00 and 8:00.`),
    );
}

/** "after 3pm", "before 9:00", and both together. */
function readOneSided(draft: Draft): void {
  const after = take(draft, AFTER);
  const before = take(draft, BEFORE);
  const from = after === null ? 0 : hourOf(draft, after.slice(2));
  const to = before === null ? 24 : hourOf(draft, before.slice(1));
  if ((after ?? before) === null || from === null || to === null) return;
  draft.conditions.push({ kind: 'hours', from, to: to === 0 ? 24 : to });
  if (after !== null && before !== null) {
    if (from < to && /\| or \|/.test(draft.rest))
      stop(draft, ask('That is any hour at all. From which hour to which?'));
    draft.rest = draft.rest.replace(/\| (?:or |and )?\|/, MARK);
  }
}

/** @returns the hour, or null when the draft was stopped over it */
function hourOf(draft: Draft, [hour, minutes, half, word]: readonly (string | undefined)[]): number | null {
  if (word !== undefined) return word === 'midnight' ? 0 : 12;
  const number = Number(hour);
  if (minutes !== undefined && minutes !== '00') {
    stop(draft, refuse('Rules know whole hours only. Say the hour before or after it.'));
    return null;
  }
  const isHalf = half?.startsWith('a') === true || half?.startsWith('p') === true;
  if (number > (isHalf ? 12 : 24)) {
    stop(draft, ask(`There is no hour ${number}. Which one do you mean?`));
    return null;
  }
  if (isHalf) return (number % 12) + (half.startsWith('p') ? 12 : 0);
  if (minutes === undefined && half === undefined && number > 0 && number <= 12) {
    stop(draft, ask(`Is ${number} in the morning or in the afternoon? Say ${number}am or ${number}pm.`));
    return null;
  }
  return number;
}
