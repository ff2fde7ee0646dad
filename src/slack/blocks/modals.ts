import type { types } from '@slack/bolt';
import { button, cut, header, plain, sentenceSection } from './text.ts';

/** Asks why; the reason may stay empty. */
export function buildDenyModal(approvalId: string, code: string, place: string): types.ModalView {
  return {
    type: 'modal',
    callback_id: 'deny_reason',
    title: plain('Deny', 24),
    submit: plain('Deny', 24),
    close: plain('Back', 24),
    private_metadata: JSON.stringify({ approvalId, place: cut(place, 100) }),
    blocks: [
      {
        type: 'input',
        block_id: 'reason',
        optional: true,
        label: plain(`Why is ${cut(code, 16)} denied?`, 150),
        hint: plain('The agent reads it, so that it does not ask the same again.', 150),
        element: { type: 'plain_text_input', action_id: 'text', multiline: true, max_length: 500 },
      },
    ],
  };
}

/** Says one thing. */
export function buildNotice(title: string, text: string): types.ModalView {
  return {
    type: 'modal',
    title: plain(title, 24),
    close: plain('Close', 24),
    blocks: [sentenceSection(text)],
  };
}

/** A link that connects an account; drawn when it is needed, never kept. */
export function buildConnectModal(service: string, link: string): types.ModalView {
  return {
    type: 'modal',
    title: plain('Connect an account', 24),
    close: plain('Close', 24),
    blocks: [header(`Connect ${service}`), ...connectBlocks(service, link)],
  };
}

export function connectBlocks(service: string, link: string): types.KnownBlock[] {
  return [
    sentenceSection(
      'The link is yours alone and works once, for 30 minutes. Open it in the browser you use.',
    ),
    {
      type: 'actions',
      elements: [{ ...button(`Connect ${service}`, 'connect_open', service, 'primary'), url: link }],
    },
  ];
}
