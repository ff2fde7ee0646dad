import type { types } from '@slack/bolt';
import type { Presentation } from '../../approvals/presentation.ts';
import { reveal, revealTarget } from '../../approvals/presentation-size.ts';
import { describeProvenance } from '../../approvals/provenance-words.ts';
import { describeHosts } from './hosts.ts';
import * as rich from './rich.ts';
import { cut } from './text.ts';

const TARGETS_SHOWN = 10;

/** What is not done with an account. */
const OF: ReadonlyMap<string, string> = new Map(
  Object.entries({ policy: 'Policy of ', link: 'Identity at ' }),
);

/** Account and targets: with what it is done, and where it goes. */
export function describeTargets(shown: Presentation, full: boolean): types.RichTextBlock {
  const targets = full ? shown.targets : shown.targets.slice(0, TARGETS_SHOWN);
  const limit = (text: string) => (full ? text : cut(text, 150));
  const hidden = shown.targets.length - targets.length;
  const items = targets.map((target) =>
    rich.section(
      ...rich.words(limit(revealTarget(target)) || '(empty)', { bold: true }),
      ...rich.words(limit(` – ${describeProvenance(target)}`), { italic: true }),
      ...rich.words(limit(target.flags.map((flag) => `  ⚠ ${reveal(flag)}`).join(''))),
    ),
  );
  const more = hidden > 0 ? [rich.section(...rich.words(`and ${hidden} more, in “Show everything”`))] : [];
  return rich.richText(
    rich.section(
      ...rich.words(OF.get(shown.service) ?? `${cut(reveal(shown.service), 80)} account `),
      ...rich.words(cut(reveal(shown.account), 320), { bold: true }),
      ...rich.words(targets.length > 0 ? ', to:' : ''),
    ),
    ...rich.bullets([...items, ...more]),
  );
}

/** Every argument, in full; only for what was measured to fit. */
export function describeFields(shown: Presentation): types.RichTextBlock[] {
  if (shown.fields.length === 0) return [];
  const parts = shown.fields.flatMap(({ label, value, before }) => {
    const name = rich.words(`${reveal(label)}: `, { bold: true });
    if (before !== null) {
      return [
        rich.section(...name),
        rich.section(...rich.words('before ', { italic: true }), ...showValue(before)),
        rich.section(...rich.words('after ', { italic: true }), ...showValue(value)),
      ];
    }
    if (!value.includes('\n')) return [rich.section(...name, ...showValue(value))];
    return [rich.section(...name), rich.preformatted(reveal(value))];
  });
  return [rich.richText(...separate(parts))];
}

/** An empty value is told apart from one that says "(empty)" by its style. */
function showValue(value: string): types.RichTextText[] {
  return value === '' ? rich.words('(empty)', { italic: true }) : rich.words(reveal(value));
}

/** Sections of one rich text run together; a line break ends each but the last. */
function separate(parts: readonly types.RichTextBlockElement[]): types.RichTextBlockElement[] {
  return parts.map((part, index) => {
    const next = parts[index + 1];
    if (part.type !== 'rich_text_section' || next?.type !== 'rich_text_section') return part;
    return rich.section(...part.elements, ...rich.words('\n'));
  });
}

export function describeNotes(shown: Presentation): types.RichTextBlock[] {
  const hosts = describeHosts(shown.fields.map((field) => field.value));
  const lines = [...shown.notes.map((line) => reveal(line)), hosts].filter((line) => line !== '');
  if (lines.length === 0) return [];
  return [rich.richText(...rich.bullets(lines.map((line) => rich.section(...rich.words(line)))))];
}

/** The person's own words, which may be shortened: they know them. */
export function describeWhy(why: string): types.RichTextBlock[] {
  if (why.trim() === '') return [];
  return [
    rich.richText(
      rich.section(...rich.words('You asked:')),
      rich.quote(...rich.words(cut(reveal(why), 800))),
    ),
  ];
}
