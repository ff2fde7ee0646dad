import type { types } from '@slack/bolt';
import { nameService, nameTenant, type ConnectRequest } from '../services.ts';
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
export function buildConnectModal(request: Asked, link: string): types.ModalView {
  const { title, blocks } = describeConnect(request, link);
  return {
    type: 'modal',
    title: plain(request.kind === 'link' ? 'Link yourself' : 'Connect an account', 24),
    close: plain('Close', 24),
    blocks: [header(title), ...blocks],
  };
}

type Asked = Pick<ConnectRequest, 'kind' | 'connection'>;

/** What a link of one's own is for: an account, or being linked to the tenant first. */
export function describeConnect(request: Asked, link: string): { title: string; blocks: types.KnownBlock[] } {
  const isLink = request.kind === 'link';
  const name = isLink ? nameTenant(request.connection) : nameService(request.connection);
  const label = isLink ? `Link to ${name}` : `Connect ${name}`;
  const before = isLink
    ? 'Your accounts are kept under your identity there, so I have to know it first. '
    : '';
  const minutes = isLink ? 15 : 30;
  return {
    title: label,
    blocks: [
      sentenceSection(
        `${before}The link is yours alone and works once, for ${minutes} minutes. Open it in the browser you use.`,
      ),
      {
        type: 'actions',
        elements: [{ ...button(label, 'connect_open', cut(name, 100), 'primary'), url: link }],
      },
    ],
  };
}
