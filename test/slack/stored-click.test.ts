import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ackStored } from '../../src/slack/actions/ack-stored.ts';
import { enter } from './clicks.ts';
import { ask, createProposer, mail, press, statusOf } from './people.ts';
import type { WholeDesk } from './whole-desk.ts';

const model = createProposer();
let desk: WholeDesk;

describe('a click that Slack was told is taken', () => {
  beforeAll(async () => {
    desk = await enter(model);
  });
  afterAll(() => desk.stop());

  it.each([
    ['approve', 'approved'],
    ['deny', 'denied'],
  ])('is stored by then: %s', async (action, status) => {
    const asked = await ask(desk, model, mail({ subject: action }));
    const acknowledged = press(desk, asked.card, action);
    await acknowledged;
    expect(await statusOf(desk, asked)).toBe(status);
  });

  it('is acknowledged in Slack’s time though storing takes longer', async () => {
    const order: string[] = [];
    const slow = sleep(2600).then(() => order.push('stored'));
    await ackStored(async () => void order.push('acknowledged'), slow);
    expect(order).toEqual(['acknowledged', 'stored']);
  });

  it('is acknowledged, and its failure passed on, when storing fails', async () => {
    let acks = 0;
    const failed = ackStored(async () => void (acks += 1), Promise.reject(new Error('no database')));
    await expect(failed).rejects.toThrow('no database');
    expect(acks).toBe(1);
  });
});
