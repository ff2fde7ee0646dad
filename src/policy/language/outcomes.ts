import type { RuleOutcome } from '../rules/types.ts';
import { stop, take, takeAll, type Draft } from './draft.ts';
import { ask, refuse } from './reading.ts';

const WHOM = String.raw`(?: (?:me|us|them|the member|members|the person|everyone|everybody|people))?`;
const GRANTED = '(?:approval|approve|confirmation|permission|consent|ok|okay|go-?ahead)';
const ASKS = [
  String.raw`(?:ask|check with|confirm with|consult with|consult|wait for)${WHOM}(?: for)?(?: (?:my|an?|our|their))?(?: ${GRANTED})?`,
  String.raw`(?:require|requires|need|needs|demand|demands|insist on|get)(?: (?:my|an?|our|their|the member's))?(?: ${GRANTED})?`,
];
const DEVICE =
  /\b(?:(?:on|via|through|with|from|by|using) )?(?:an? |my |the |their |our )?(?:second device|other device|phone|mobile|passkey|security key|second factor|second-device)(?: (?:approval|confirmation))?\b/;
const ASK = new RegExp(String.raw`\b(?:${ASKS.join('|')})(?= |$)(?: first)?`);
const WITHOUT = new RegExp(
  String.raw`\bwithout (?:asking|checking with|consulting|confirming with|my|our)(?: (?:me|us|them|${GRANTED}))?(?: first)?(?= |$)`,
);
const FORBIDS =
  /\b(?:(?:never|don't|do not|must not|mustn't|should not|shouldn't|may not|cannot|can't)(?: ever)?(?: (?:allow|let|permit))?|forbid|forbids|prohibit|disallow|ban|block|refuse|deny|no)\b(?: (?:it|the agent|agentdesk|the bot))?(?: (?:to|from))?(?= |$)/;
const LOOSENS =
  /\b(?:allow|allowed|permit|let|at once|auto-?approve|automatically|skip|trust|immediately|without (?:asking|approval|my approval)|(?:don't|do not|never|stop|no need to|not) (?:have to )?ask(?:ing)?)\b/;

/** What is done, taken out of the text; null when it is not said, or the draft is stopped. */
export function readOutcome(draft: Draft): RuleOutcome | null {
  // "Never send mail without asking me" asks; it does not forbid.
  const isWithout = /\b(?:never|don't|do not|no)\b/.test(draft.rest) && take(draft, WITHOUT) !== null;
  if (!isWithout && LOOSENS.test(draft.rest.replace(FORBIDS, ' ')))
    stop(
      draft,
      refuse(
        'A rule can only make the agent ask more or do less, never allow more. To take something back, remove or change its rule in App Home, Policy.',
      ),
    );
  if (/\b(?:never|don't|do not|stop)\b ask/.test(draft.rest))
    stop(draft, refuse('A rule can only make the agent ask more or do less, never ask less.'));
  const isStrong = take(draft, DEVICE) !== null;
  let forbids = 0;
  takeAll(draft, FORBIDS, () => (forbids += 1));
  let asks = 0;
  takeAll(draft, ASK, () => (asks += 1));
  if (isWithout) return isStrong ? 'approve_strong' : 'approve';
  if (forbids > 0 && (asks > 0 || isStrong)) {
    stop(
      draft,
      ask(
        'Should it never be done, or should it be asked about? One rule does one of the two; say each as a rule of its own.',
      ),
    );
    return null;
  }
  if (forbids > 0) return 'deny';
  if (isStrong) return 'approve_strong';
  return asks > 0 ? 'approve' : null;
}
