import type { Presentation } from '../../approvals/presentation.ts';
import { reveal, revealTarget } from '../../approvals/presentation-size.ts';
import { describeProvenance } from '../../approvals/provenance-words.ts';
import { describeHosts } from './hosts.ts';

/** One thing a person has to see, in full. */
interface Entry {
  readonly heading: string;
  /** Already revealed; empty means that the value is empty. */
  readonly text: string;
}

const HEADING = 200;

/** Everything there is to see of a presentation, in reading order, nothing left out. */
export function listEntries(shown: Presentation): Entry[] {
  const targets = shown.targets.map((target) => ({
    heading: ['To', describeProvenance(target), ...target.flags.map((flag) => `⚠ ${reveal(flag)}`)].join(
      ' · ',
    ),
    text: revealTarget(target),
  }));
  const fields = shown.fields.flatMap(({ label, value, before }) =>
    before === null
      ? [{ heading: reveal(label), text: reveal(value) }]
      : [
          { heading: `${reveal(label)} · before`, text: reveal(before) },
          { heading: `${reveal(label)} · after`, text: reveal(value) },
        ],
  );
  const notes = shown.notes.map((line) => ({ heading: 'Note', text: reveal(line) }));
  const hosts = describeHosts(shown.fields.map((field) => field.value));
  return [
    { heading: 'Action', text: reveal(shown.title) },
    { heading: 'Account', text: `${reveal(shown.service)} · ${reveal(shown.account)}` },
    ...targets,
    ...fields,
    ...notes,
    ...(hosts === '' ? [] : [{ heading: 'Note', text: hosts }]),
    { heading: 'You asked', text: reveal(shown.why) },
  ].flatMap(splitHeading);
}

/** A heading too long to be one is shown as text of its own, so that none of it is lost. */
function splitHeading(entry: Entry): Entry[] {
  if (entry.heading.length <= HEADING) return [entry];
  return [
    { heading: 'About the next entry', text: entry.heading },
    { heading: 'Entry', text: entry.text },
  ];
}
