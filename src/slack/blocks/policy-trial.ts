import type { types } from '@slack/bolt';
import { describeReplay, type ReplayedChange } from '../../policy/replay/replay-candidate.ts';
import type { Outcome } from '../../policy/types.ts';
import type { Trial } from '../policy/trial.ts';
import * as rich from './rich.ts';
import { header, note, oneLine } from './text.ts';
import { writeUtc } from './when.ts';

const WORDS: Readonly<Record<Outcome, string>> = {
  allow: 'done at once',
  approve: 'asked',
  approve_strong: 'asked on a second device',
  deny: 'denied',
};

/** What a change would have changed of the past: a sentence, and the newest of the calls. */
export function buildTrial(trial: Trial): types.KnownBlock[] {
  const title = header('Tried on the last 30 days');
  if (trial === 'running')
    return [title, note('Trying it on what was really asked for. This takes a moment…')];
  if (trial === 'failed') return [title, note('It could not be tried. You can save it all the same.')];
  const hidden = trial.changed - trial.list.length;
  return [
    title,
    rich.richText(
      rich.section(...rich.words(describeReplay(trial))),
      ...(trial.list.length === 0 ? [] : rich.bullets(trial.list.map(describeChange))),
    ),
    ...(hidden > 0 ? [note(`and ${hidden} more`)] : []),
  ];
}

function describeChange({ decision, from, to }: ReplayedChange): types.RichTextSection {
  const { code, call, memberId, at } = decision;
  return rich.section(
    ...rich.words(code, { code: true }),
    ...rich.words(` ${oneLine(call.action, 100)} of `),
    ...rich.person(memberId),
    ...rich.words(`, ${writeUtc(at)}: ${WORDS[from]} → ${WORDS[to]}`),
  );
}
