import type { Presentation, PresentedTarget } from './presentation.ts';

/** What a card can show in full, and what the paged view can; in characters after {@link reveal}. */
const CARD = { characters: 2_400, fields: 15, targets: 10, notes: 10, label: 100 } as const;
const PAGED_CHARACTERS = 250_000;
/** What each entry of the paged view costs besides its text. */
const ENTRY_CHARACTERS = 120;

type Shown = Pick<Presentation, 'fields' | 'targets' | 'notes' | 'why'>;

/**
 * Whether a presentation fits the card in full, needs the paged view, or is more than Slack can show. Counted as
 * it will be drawn, hidden characters made visible.
 */
export function measureSize(shown: Shown): Presentation['size'] {
  const texts = [
    ...shown.targets.flatMap((target) => [
      revealTarget(target),
      reveal(target.source),
      ...target.flags.map(reveal),
    ]),
    ...shown.fields.flatMap(({ label, value, before }) => [
      reveal(label),
      reveal(value),
      reveal(before ?? ''),
    ]),
    ...shown.notes.map(reveal),
  ];
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const entries = shown.targets.length + shown.fields.length * 2 + shown.notes.length;
  const fits =
    characters <= CARD.characters &&
    shown.fields.length <= CARD.fields &&
    shown.targets.length <= CARD.targets &&
    shown.notes.length <= CARD.notes &&
    shown.fields.every((field) => reveal(field.label).length <= CARD.label);
  if (fits) return 'card';
  return characters + entries * ENTRY_CHARACTERS <= PAGED_CHARACTERS ? 'paged' : 'too_large';
}

/**
 * Characters that show nothing, change the direction of what follows, or look like a plain space: controls, format
 * characters, private and unassigned code points, lone surrogates, separators, default ignorables (zero-width,
 * variation selectors, tags, fillers) and the blank braille pattern. The opening mark itself is among them, so that
 * no text can imitate a mark. https://www.unicode.org/reports/tr44/#General_Category_Values
 */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}\u2800\u27e8]/u;
/** Scripts whose letters are usually written together with Latin ones. */
const BESIDE_LATIN =
  /[\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const WORD = /([\p{L}\p{M}\p{N}]+)/u;

/**
 * The text with everything invisible or deceptive written out as ⟨U+202E⟩. Two different texts never come out the
 * same: marks cannot be imitated, spaces at the ends of lines are marked, and so are letters of another script
 * inside a Latin word, and everything that is not in its composed form.
 */
export function reveal(text: string): string {
  const composed = text.normalize('NFC') === text;
  return text
    .split(WORD)
    .map((part) => {
      const latin = /[A-Za-z]/.test(part);
      return Array.from(part, (character) =>
        isHidden(character) || (!composed && isUncomposed(character)) || (latin && isForeign(character))
          ? mark(character)
          : character,
      ).join('');
    })
    .join('')
    .replace(/^[ \n]+|[ \n]+$| +(?=\n)/g, (edge) => Array.from(edge, mark).join(''));
}

/** The same for names that are ASCII in honest use: every other character is written out. */
function revealExactly(text: string): string {
  return Array.from(text, (character) => (/[!-~ ]/.test(character) ? character : mark(character)))
    .join('')
    .replace(/^ +| +$/g, (edge) => Array.from(edge, mark).join(''));
}

/** A target as it is shown: addresses, repositories and the like exactly, titles as text. */
export function revealTarget(target: Pick<PresentedTarget, 'kind' | 'value'>): string {
  return target.kind === 'event' || target.kind === 'message'
    ? reveal(target.value)
    : revealExactly(target.value);
}

function isHidden(character: string): boolean {
  return character !== ' ' && character !== '\n' && HIDDEN.test(character);
}

function isUncomposed(character: string): boolean {
  return /\p{M}/u.test(character) || character.normalize('NFC') !== character;
}

/** Whether a character of a Latin word is one that only looks as if it belonged there. */
function isForeign(character: string): boolean {
  if (/[0-9\p{M}\p{No}\p{Nl}]/u.test(character)) return false;
  return !BESIDE_LATIN.test(character) || character.normalize('NFKC') !== character;
}

function mark(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
