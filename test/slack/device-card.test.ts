import { describe, expect, it } from 'vitest';
import { checkMessageBlocks } from '../../src/sandbox/slack/blocks/check.ts';
import { buildCard } from '../../src/slack/blocks/card.ts';
import type { CardDevice } from '../../src/slack/blocks/card-device.ts';
import { findButton } from './look.ts';
import { approvalOf, present } from './presentations.ts';

const LINK = 'http://localhost:3000/strong/x';
const approval = approvalOf(present({ tier: 'approve_strong' }), {
  status: 'approved',
  decidedBy: 'U0BEN',
  decidedAt: new Date('2026-11-24T11:00:00Z'),
  executeBy: new Date('2026-11-24T11:06:00Z'),
});
const approved = { status: 'approved' as const, result: null, errorMessage: null };
const waiting: CardDevice = {
  service: 'acme.eu.auth0.com',
  byMail: false,
  status: 'waiting',
  trouble: null,
  deadlineAt: new Date('2026-11-24T11:05:00Z'),
};

const draw = (device: CardDevice, link: string | null = LINK) => {
  const { blocks } = buildCard(approval, approved, link, false, device);
  expect(checkMessageBlocks(blocks)).toEqual([]);
  return { text: JSON.stringify(blocks), button: findButton({ blocks }, 'strong_open') };
};

describe('a card whose second device the tenant asks', () => {
  it('shows the code of the phone and until when, and no link', () => {
    const { text, button } = draw(waiting);
    expect(text).toMatch(/Waiting for your phone, code `K7QX2M9D`, until <!date\^1795518300\^/);
    expect(button).toBeNull();
    expect(draw({ ...waiting, byMail: true }).text).toContain('the e-mail of acme.eu.auth0.com');
  });

  it.each([
    ['device_busy', 'asked too often'],
    ['vault_unreachable', 'does not answer at the moment'],
    ['device_answer_lost', 'asked once more'],
  ])('says what is in the way: %s', (trouble, words) => {
    expect(draw({ ...waiting, trouble }).text).toContain(words);
    expect(draw({ ...waiting, status: 'asking', deadlineAt: null, trouble }).text).toContain(
      'is told to ask you',
    );
  });

  it('offers the passkey where the tenant knows no device', () => {
    const { text, button } = draw({ ...waiting, status: 'passkey', trouble: 'device_not_enrolled' });
    expect(text).toContain('knows no device of yours. Confirm with your passkey');
    expect(button).not.toBeNull();
    expect(draw({ ...waiting, status: 'passkey', trouble: null }, null).text).toContain(
      'cannot be confirmed',
    );
  });

  it('says who denied it, and how', () => {
    const { blocks } = buildCard(
      { ...approval, status: 'denied', decidedFrom: 'device', reason: 'on your second device' },
      { ...approved, status: 'denied' },
    );
    expect(JSON.stringify(blocks)).toContain(': on your second device');
  });
});
