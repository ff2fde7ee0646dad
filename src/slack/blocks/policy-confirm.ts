import type { types } from '@slack/bolt';
import type { Preview } from '../policy/preview.ts';
import { oneLine, plain, plainSection, sentenceSection, writeSentence } from './text.ts';

const MOST_LINES = 30;

/**
 * Asks whether a change is meant, in words.
 * @param trouble why an earlier try was not saved; the wish is still there
 */
export function buildConfirm({ change, diff, force }: Preview, trouble?: string): types.ModalView {
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
    ],
  };
}

/** A block that only a modal may hold (docs.slack.dev/reference/block-kit/blocks/alert-block). */
function alert(level: 'warning' | 'error' | 'info', text: string): types.AlertBlock {
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
