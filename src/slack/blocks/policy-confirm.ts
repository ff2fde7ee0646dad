import type { types } from '@slack/bolt';
import type { Preview } from '../policy/preview.ts';
import type { Trial } from '../policy/trial.ts';
import { buildTrial } from './policy-trial.ts';
import * as rich from './rich.ts';
import { cut, note, oneLine, plain, plainSection, sentenceSection, writeSentence } from './text.ts';

const MOST_LINES = 30;
const MOST_CEDAR = 2_500;

/**
 * Asks whether a change is meant, in words.
 * @param trial what it would have changed of the past
 * @param trouble why an earlier try was not saved; the wish is still there
 */
export function buildConfirm(
  { change, diff, force, cedar }: Preview,
  trial: Trial,
  trouble?: string,
): types.ModalView {
  const shown = diff.slice(0, MOST_LINES).map((line) => oneLine(line, 500));
  const hidden = diff.length - shown.length;
  return {
    type: 'modal',
    callback_id: 'policy_confirm',
    title: plain('Change the policy', 24),
    submit: plain(force === 'at_once' ? 'Save' : 'Ask for approval', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify(change),
    blocks: [
      ...(trouble === undefined ? [] : [alert('error', trouble)]),
      sentenceSection(
        change.scope === 'organisation'
          ? 'In the organisation’s policy, for everyone:'
          : 'In your own rules, for you alone:',
      ),
      plainSection([...shown, ...(hidden > 0 ? [`and ${hidden} more changes`] : [])].join('\n')),
      FORCE[force],
      ...buildTrial(trial),
      ...(cedar === null ? [] : buildCedar(cedar)),
    ],
  };
}

/** The rule for those who read Cedar; the sentence above says the same. */
function buildCedar(cedar: string): types.KnownBlock[] {
  return [note('The rule as Cedar:'), rich.richText(rich.preformatted(cut(cedar, MOST_CEDAR)))];
}

/** A block that only a modal may hold (docs.slack.dev/reference/block-kit/blocks/alert-block). */
export function alert(level: 'warning' | 'error' | 'info', text: string): types.AlertBlock {
  return { type: 'alert', level, text: { type: 'mrkdwn', text: writeSentence(text), verbatim: true } };
}

const LOOSENS = 'This lets the agent do more than now.';
const FORCE: Readonly<Record<Preview['force'], types.KnownBlock>> = {
  at_once: alert('info', 'This makes the agent ask more or do less. It takes effect at once.'),
  strong_approval: alert(
    'warning',
    `${LOOSENS} It needs your approval on your second device first; until then nothing changes.`,
  ),
  approval: alert(
    'warning',
    `${LOOSENS} It needs your approval on a card first; until then nothing changes. One click is enough, since passkeys cannot be used at this address.`,
  ),
};
