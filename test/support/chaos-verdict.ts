import { readCalls, readOpen, describeOpen, isQuiet, type CallRow } from './chaos-look.ts';
import { countAnswers, findCardOf, wasTold, type Told } from './chaos-slack.ts';
import type { CountEffects } from './chaos-count.ts';
import type { CallProgress, Story } from './chaos-story.ts';
import type { World } from './chaos-world.ts';

export type ProblemKind = 'duplicate' | 'lost' | 'unapproved' | 'stuck' | 'unsettled' | 'unheard';

export interface Problem {
  readonly kind: ProblemKind;
  readonly text: string;
}

/** How a call ended for its person. */
export type End = 'done' | 'denied' | 'expired' | 'stopped' | 'unknown' | 'told not done' | 'never made';

export interface Verdict {
  readonly problems: readonly Problem[];
  readonly ends: readonly End[];
}

/** Compares what providers did with what the person approved and was told. Only for stories that came to rest. */
export async function judgeStory(world: World, story: Story, effects: CountEffects): Promise<Verdict> {
  const { plan, thread } = story;
  const problems: Problem[] = [];
  const rows = await readCalls(world.sql, thread ?? '');
  const open = await readOpen(world.sql, thread ?? '');
  if (!isQuiet(open)) problems.push({ kind: 'stuck', text: describeOpen(open) });
  const answers = countAnswers(world.outside, plan, thread ?? '');
  if (answers < story.said) problems.push({ kind: 'lost', text: `${answers} of ${story.said} answered` });
  if (story.unheard > 0)
    problems.push({ kind: 'unheard', text: `${story.unheard} clicks acknowledged and forgotten` });
  const ends = story.calls
    .filter((call) => call.plan.tool !== 'read')
    .map((call) => {
      const card = findCardOf(world.outside, plan.user, call.plan.marker);
      const found = effects(call.plan);
      const row = rows.findLast(({ args }) => args.includes(call.plan.marker));
      const judged =
        card === null ? judgeUnasked(row, found) : judgeAsked(world, story, call, card.told, found);
      problems.push(
        ...judged.problems.map(({ kind, text }) => ({
          kind,
          text: `${call.plan.tool} ${call.plan.marker}: ${text} (row ${row?.status ?? 'none'}, ${row?.error ?? 'no error'})`,
        })),
      );
      return judged.end;
    });
  return { problems, ends };
}

interface Judged {
  readonly problems: readonly Problem[];
  readonly end: End;
}

/** A call whose card the person saw. */
function judgeAsked(
  { outside }: World,
  story: Story,
  call: CallProgress,
  told: Told,
  effects: readonly string[],
): Judged {
  const count = effects.length;
  const problems: Problem[] = [];
  const add = (kind: ProblemKind, text: string): void => void problems.push({ kind, text });
  if (count > 1) add('duplicate', `${count} effects`);
  const isEdited = effects.some((text) => text.includes(`${call.plan.marker} edited`));
  if (count > 0 && !(isEdited ? call.triedEdited : call.tried))
    add('unapproved', 'an effect nobody approved');
  switch (told) {
    case 'done':
      if (count === 0) add('lost', 'the card says done, and there is no effect');
      return { problems, end: 'done' };
    case 'not known':
      if (count > 0 || call.plan.tool === 'invite')
        add('unsettled', `not known, with ${count} effects to be read`);
      return { problems, end: 'unknown' };
    case 'pending':
    case 'running':
      add('stuck', `the card says ${told}, with ${count} effects`);
      return { problems, end: 'never made' };
    case 'expired':
      if (call.ackedAt !== null && !wasTold(outside, story.plan.user, call.ackedAt))
        add('lost', 'approved in time, and the card says that nobody decided');
      break;
    case 'not done':
    case 'too late':
    case 'denied':
    case 'cancelled':
      break;
  }
  if (count > 0) add('lost', `the card says ${told}, but it happened`);
  if (told === 'cancelled' && !story.stopped) add('lost', 'cancelled, and nobody stopped it');
  const isStopped = story.stopped && (told === 'not done' || told === 'cancelled');
  const end = isStopped ? 'stopped' : told === 'denied' || told === 'expired' ? told : 'told not done';
  return { problems, end };
}

/** A call the policy allowed, or that never came to be. */
function judgeUnasked(row: CallRow | undefined, effects: readonly string[]): Judged {
  const count = effects.length;
  const problems: Problem[] = [];
  const add = (kind: ProblemKind, text: string): void => void problems.push({ kind, text });
  if (count > 1) add('duplicate', `${count} effects`);
  if (row === undefined) {
    if (count > 0) add('unapproved', 'an effect without a row');
    return { problems, end: 'never made' };
  }
  if (row.status === 'done') {
    if (count === 0) add('lost', 'the row says done, and there is no effect');
    return { problems, end: 'done' };
  }
  if (row.status === 'unknown') {
    if (count > 0) add('unsettled', 'not known, with an effect to be read');
    return { problems, end: 'unknown' };
  }
  if (count > 0) add('lost', `the row says ${row.status}, but it happened`);
  return { problems, end: row.status === 'cancelled' ? 'stopped' : 'told not done' };
}
