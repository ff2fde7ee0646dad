import { listOf, splitList, stop, take, takeAll, type Draft } from './draft.ts';
import { ask, refuse } from './reading.ts';

const REPOSITORY = String.raw`[a-z0-9][a-z0-9-]{0,38}/(?:\*|[a-z0-9._-]*[a-z0-9_-])`;
const REPO = '(?:repo|repos|repository|repositories|projects?)';
const IN = String.raw`(?:\b(?:in|to|on|of|at|for|inside|into) )?(?:\b(?:an? |any |the |our |my |all )+)?`;
const LEFT_OUT = new RegExp(
  String.raw`\b(?:outside(?: of)?|not (?:in|to|on)|other than|except(?: for)?(?: (?:in|to|on))?|unless (?:it is |it's )?(?:in|to|on)?) ?(?:${REPOSITORY}|(?:an? |the )?(?:public|private|internal) ${REPO})`,
);
const NAMED = new RegExp(String.raw`${IN}(?:\b${REPO} )?(${listOf(REPOSITORY)})(?: ${REPO})?(?= |$)`);
const OWNED = new RegExp(
  String.raw`${IN}(?:\b(?:(public|private|internal) )?${REPO} (?:of|owned by|belonging to|under) (?:the )?([a-z0-9][a-z0-9-]*)(?: organi[sz]ation| org)?|\b([a-z0-9][a-z0-9-]*)'s (?:(public|private|internal) )?${REPO})(?= |$)`,
);
const VISIBLE = new RegExp(
  String.raw`${IN}(?:\b(public|private|internal)(?: github)? ${REPO}|\b${REPO} (?:that|which) (?:is|are) (public|private|internal))(?= |$)`,
);
const TWO_VISIBLE = new RegExp(
  String.raw`\b(?:public|private|internal) (?:(?:and|or) )?(?:public|private|internal) ${REPO}\b`,
);
const UNOWNED = new RegExp(
  String.raw`\bthe ([a-z0-9._-]+) ${REPO}\b|\b${REPO} (?:called |named )?([a-z0-9._-]+)\b`,
);
const LABEL = String.raw`(?:"[^"]{1,100}"|[a-z0-9][a-z0-9_:-]*)`;
const LABELS = new RegExp(
  String.raw`\b(?:(?:that|which|when they|if they|it) (?:is|are|have|has) )?(?:labell?ed|tagged|with (?:the |an? )?labels?|the labels?)(?: as)? (${listOf(LABEL)})(?: label)?(?= |$)`,
);
const SHARED =
  /(?:\b(?:on|in|to) )?(?:\b(?:an? |any |the |my |our |all ))?(?:shared calendars?|calendars?(?: events)? (?:that )?(?:are |is )?(?:shared(?: with (?:others|other people|someone|anyone))?|(?:others|other people|someone else|anyone else) (?:can )?(?:read|see)))(?= |$)/;
const ASKED = String.raw`(?:\b(?:when|if) )?(?:\b(?:i|it|it's|you|you're|we|is|was|am|are) )*(?:\b(?:asked|ask|written|told) )?(?:(?:it|you) )?\b(?:in|from|within|through)`;
const CHANNEL = new RegExp(String.raw`${ASKED} (?:an? |any |the |public |slack |shared )*channels?(?= |$)`);
const DIRECT = new RegExp(String.raw`${ASKED} (?:an? |any |the |my )*(?:dms?|direct messages?)(?= |$)`);

/** Repositories, labels, calendars and where it was asked, taken out of the text. */
export function readPlaces(draft: Draft): void {
  if (LEFT_OUT.test(draft.rest))
    stop(draft, refuse('A rule can name the repositories it holds in, not ones that it leaves out.'));
  if (TWO_VISIBLE.test(draft.rest))
    stop(
      draft,
      ask('A repository is public, private or internal. Which of them? Say each as a rule of its own.'),
    );
  const names: string[] = [];
  takeAll(draft, NAMED, ([, list = '']) => names.push(...splitList(list)));
  takeAll(draft, OWNED, ([, before, owner, other, after]) => {
    names.push(`${owner ?? other ?? ''}/*`);
    addVisibility(draft, before ?? after);
  });
  if (names.length > 0) draft.conditions.push({ kind: 'repository', names: [...new Set(names)] });
  takeAll(draft, VISIBLE, ([, before, after]) => addVisibility(draft, before ?? after));
  const labels = take(draft, LABELS);
  if (labels !== null)
    draft.conditions.push({
      kind: 'labels',
      anyOf: splitList(labels[1] ?? '').map((label) => label.replaceAll('"', '')),
    });
  if (take(draft, SHARED) !== null) draft.conditions.push({ kind: 'calendar_shared' });
  if (take(draft, CHANNEL) !== null) draft.conditions.push({ kind: 'surface', is: 'channel' });
  if (take(draft, DIRECT) !== null) draft.conditions.push({ kind: 'surface', is: 'dm' });
  const unowned = UNOWNED.exec(draft.rest);
  const name = unowned?.[1] ?? unowned?.[2];
  if (name !== undefined)
    stop(draft, ask(`Whose repository is “${name}”? Say it with its owner: acme/${name}.`));
}

function addVisibility({ conditions }: Draft, is: string | undefined): void {
  if (is === 'public' || is === 'private' || is === 'internal')
    conditions.push({ kind: 'repository_visibility', is });
}
