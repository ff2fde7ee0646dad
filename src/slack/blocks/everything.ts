import type { types } from '@slack/bolt';
import type { Presentation } from '../../approvals/presentation.ts';
import type { CardApproval } from './card-state.ts';
import { listEntries } from './entries.ts';
import * as rich from './rich.ts';
import { button, cut, note, plain } from './text.ts';

/** A piece of a text is at most so long; a page holds so much text and so many pieces. */
const PIECE = 2_400;
const PAGE_CHARACTERS = 12_000;
const PAGE_PIECES = 40;

interface Piece {
  readonly heading: string;
  readonly text: string;
}

/** What a page keeps for itself in the view. */
interface EverythingState {
  readonly approvalId: string;
  readonly page: number;
}

export function paginate(shown: Presentation): Piece[][] {
  const pages: Piece[][] = [[]];
  let characters = 0;
  for (const entry of listEntries(shown)) {
    const parts = splitText(entry.text);
    for (const [index, text] of parts.entries()) {
      const part = parts.length > 1 ? ` (part ${index + 1} of ${parts.length})` : '';
      const last = pages[pages.length - 1] ?? [];
      const full = last.length >= PAGE_PIECES || characters + text.length > PAGE_CHARACTERS;
      if (full && last.length > 0) {
        pages.push([]);
        characters = 0;
      }
      pages[pages.length - 1]?.push({ heading: `${entry.heading}${part}`, text });
      characters += text.length + entry.heading.length;
    }
  }
  return pages;
}

/** Pieces whose concatenation is the text; never cut inside a character. */
function splitText(text: string): string[] {
  if (text.length <= PIECE) return [text];
  const pieces: string[] = [];
  let at = 0;
  while (at < text.length) {
    let end = Math.min(text.length, at + PIECE);
    if (end < text.length && (text.codePointAt(end - 1) ?? 0) > 0xffff) end -= 1;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** One page of everything there is to see of an approval. @returns the view, and whether it is the last page */
export function buildEverything(
  approval: CardApproval,
  wanted: number,
): { view: types.ModalView; last: boolean; page: number } {
  const shown = approval.presentation as Presentation;
  const pages = paginate(shown);
  const page = Math.max(0, Math.min(pages.length - 1, Math.trunc(wanted)));
  const last = page === pages.length - 1;
  const state: EverythingState = { approvalId: approval.id, page };
  const view: types.ModalView = {
    type: 'modal',
    callback_id: 'everything',
    title: plain('Show everything', 24),
    close: plain('Close', 24),
    private_metadata: JSON.stringify(state),
    blocks: [
      note(`Code ${cut(approval.code, 16)} · page ${page + 1} of ${pages.length}`),
      ...(pages[page] ?? []).map(buildPiece),
      ...buildButtons(approval, shown, page, last),
    ],
  };
  return { view, last, page };
}

function buildPiece({ heading, text }: Piece): types.RichTextBlock {
  const name = rich.section(...rich.words(heading, { bold: true }));
  return text === ''
    ? rich.richText(name, rich.section(...rich.words('(empty)', { italic: true })))
    : rich.richText(name, rich.preformatted(text));
}

function buildButtons(
  approval: CardApproval,
  shown: Presentation,
  page: number,
  last: boolean,
): types.KnownBlock[] {
  const turn = [
    ...(page > 0 ? [button('Previous page', 'everything_previous', approval.id)] : []),
    ...(last ? [] : [button('Next page', 'everything_next', approval.id, 'primary')]),
  ];
  const decide =
    !last || approval.status !== 'pending'
      ? []
      : [
          ...(shown.size === 'too_large' ? [] : [button('Approve', 'approve', approval.id, 'primary')]),
          button('Deny', 'deny', approval.id),
        ];
  const elements = [...turn, ...decide];
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}
