import { WITNESS_HEADING } from '../../audit/log/witness.ts';
import type { Card } from './card.ts';
import * as rich from './rich.ts';

/** A signed checkpoint, to the letter, so that it can be copied and later given to a verifier. */
export function buildCheckpointMessage(note: string): Card {
  return {
    text: `${WITNESS_HEADING}\n\`\`\`\n${note}\`\`\``,
    blocks: [rich.richText(rich.section(...rich.words(WITNESS_HEADING)), rich.preformatted(note.trimEnd()))],
  };
}
