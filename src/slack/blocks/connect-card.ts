import { nameService, type ConnectRequest } from '../services.ts';
import type { Card } from './card.ts';
import { connectBlocks } from './modals.ts';
import { escapeMrkdwn, header, oneLine, plainSection } from './text.ts';

const ENDED: Readonly<Record<string, string>> = {
  connected: 'It is connected. I go on by myself.',
  awaiting_admin:
    'It is not certain that this account is yours. Ask an admin to vouch for it with the command shown in your browser.',
  failed: 'It was not connected. Use the newest link I sent, or /agentdesk connect and ask again.',
  expired: 'The link has expired. Use the newest link I sent, or /agentdesk connect and ask again.',
};

/** The card that appears when an account or a permission is missing. */
export function buildConnectCard(
  request: Pick<ConnectRequest, 'connection' | 'purpose' | 'status' | 'expiresAt'>,
  link: string,
  now: Date,
): Card {
  const service = nameService(request.connection);
  const isOpen = ['open', 'proving', 'authorizing', 'completing'].includes(request.status);
  const end = ENDED[isOpen && request.expiresAt <= now ? 'expired' : request.status];
  const title = `${service} account needed`;
  return {
    text: escapeMrkdwn(end === undefined ? `${title}. Connect it to go on.` : `${title}: ${end}`),
    blocks: [
      header(title),
      ...(request.purpose === '' ? [] : [plainSection(oneLine(request.purpose, 600))]),
      ...(end === undefined ? connectBlocks(service, link) : [plainSection(end)]),
    ],
  };
}
