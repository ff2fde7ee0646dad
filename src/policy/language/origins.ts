import { take, type Draft } from './draft.ts';

const WHAT = String.raw`(?:an? |any |the |its |their )?(?:targets?|address(?:es)?|recipients?|guests?|repository|repositories|them|it)`;
const READ = String.raw`(?:fetched (?:content|text|mail|pages?)|untrusted (?:content|text)|(?:an? |the |some )?(?:e-?mails?|messages?|web ?pages?|issues?|content|text)(?: (?:that )?(?:it|the agent) (?:has )?(?:read|fetched))?|(?:something|what) (?:that )?(?:it|the agent) (?:has )?(?:read|fetched|found))`;
const FETCHED = new RegExp(
  String.raw`\b(?:(?:if|when|whose|where|to) )?(?:${WHAT} )?(?:(?:that|which) )?(?:(?:was|were|is|are|has|have) )?(?:came|comes|come|taken|found|coming|read|copied) (?:from|in|out of) ${READ}(?= |$)`,
);
const CHOSEN = new RegExp(
  String.raw`\b(?:(?:if|when|where) )?(?:(?:the agent|it) (?:itself )?(?:chose|picked|made up|chooses|picks|makes up|invented|guessed) ${WHAT}|${WHAT} (?:that )?(?:(?:was|were|is|are) )?(?:chosen|picked|made up|guessed) by (?:the agent|it)|${WHAT} the agent (?:chose|picked|made up|guessed))(?: (?:by )?itself)?(?= |$)`,
);

/** Where the targets of a call came from, taken out of the text. */
export function readOrigins(draft: Draft): void {
  if (take(draft, FETCHED) !== null) draft.conditions.push({ kind: 'provenance', includes: 'fetched' });
  if (take(draft, CHOSEN) !== null) draft.conditions.push({ kind: 'provenance', includes: 'agent' });
}
