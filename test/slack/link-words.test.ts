import { expect, it } from 'vitest';
import { checkMessageBlocks } from '../../src/sandbox/slack/blocks/check.ts';
import { buildConnectCard } from '../../src/slack/blocks/connect-card.ts';
import { buildConnectModal } from '../../src/slack/blocks/modals.ts';
import type { ConnectRequest } from '../../src/slack/services.ts';

const LINK = 'https://desk.example/connect/x';
const NOW = new Date('2027-01-01T00:00:00Z');
const request = (status: ConnectRequest['status']) =>
  ({
    kind: 'link',
    connection: 'https://acme.eu.auth0.com/',
    purpose: 'mail <Priya> & all',
    status,
    expiresAt: new Date(NOW.getTime() + 60_000),
  }) as const;

it.each([
  ['open', 'Link to acme.eu.auth0.com'],
  ['confirming', LINK],
  ['connected', 'You are linked'],
  ['awaiting_admin', 'Ask an admin to vouch'],
  ['awaiting_approval', 'Approve the card I sent you'],
  ['failed', '/agentdesk link'],
  ['expired', '/agentdesk link'],
] as const)('says on the card of a link that is %s: %s', (status, words) => {
  const card = buildConnectCard(request(status), LINK, NOW);
  expect(checkMessageBlocks(card.blocks)).toEqual([]);
  expect(JSON.stringify(card)).toContain(words);
});

it('offers no link whose time is over', () => {
  const late = { ...request('open'), expiresAt: NOW };
  expect(JSON.stringify(buildConnectCard(late, LINK, NOW))).not.toContain(LINK);
});

it('calls the modal what it is', () => {
  expect(buildConnectModal(request('open'), LINK).title.text).toBe('Link yourself');
  expect(buildConnectModal({ kind: 'account', connection: 'github' }, LINK).title.text).toBe(
    'Connect an account',
  );
});
