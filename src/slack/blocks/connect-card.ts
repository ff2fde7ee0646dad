import { nameService, nameTenant, type ConnectRequest } from '../services.ts';
import type { Card } from './card.ts';
import { describeConnect } from './modals.ts';
import { escapeMrkdwn, header, oneLine, plainSection } from './text.ts';

const ENDED: Readonly<Record<string, string>> = {
  connected: 'It is connected. I go on by myself.',
  awaiting_admin:
    'It is not certain that this account is yours. Ask an admin to vouch for it with the command shown in your browser.',
  failed: 'It was not connected. Use the newest link I sent, or /agentdesk connect and ask again.',
  expired: 'The link has expired. Use the newest link I sent, or /agentdesk connect and ask again.',
};

const LINK_ENDED: Readonly<Record<string, string>> = {
  connected: 'You are linked. I go on by myself.',
  awaiting_admin:
    'It is not certain that this identity is yours. Ask an admin to vouch for it with the command shown in your browser.',
  awaiting_approval: 'You are linked to another identity. Approve the card I sent you to change that.',
  failed: 'You were not linked. Use the newest link I sent, or /agentdesk link and ask again.',
  expired: 'The link has expired. Use the newest link I sent, or /agentdesk link and ask again.',
};

/** The card that appears when an account or a permission is missing. */
export function buildConnectCard(
  request: Pick<ConnectRequest, 'kind' | 'connection' | 'purpose' | 'status' | 'expiresAt'>,
  link: string,
  now: Date,
): Card {
  const isLink = request.kind === 'link';
  const isOpen = ['open', 'proving', 'authorizing', 'completing', 'confirming'].includes(request.status);
  const end = (isLink ? LINK_ENDED : ENDED)[isOpen && request.expiresAt <= now ? 'expired' : request.status];
  const title = isLink
    ? `Link to ${nameTenant(request.connection)} needed`
    : `${nameService(request.connection)} account needed`;
  const todo = isLink ? 'Open the link to go on.' : 'Connect it to go on.';
  return {
    text: escapeMrkdwn(end === undefined ? `${title}. ${todo}` : `${title}: ${end}`),
    blocks: [
      header(title),
      ...(request.purpose === '' ? [] : [plainSection(oneLine(request.purpose, 600))]),
      ...(end === undefined ? describeConnect(request, link).blocks : [plainSection(end)]),
    ],
  };
}
