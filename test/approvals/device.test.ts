import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findConfirmation } from '../../src/approvals/strong/confirmation.ts';
import { sealFactor } from '../../src/approvals/strong/factor-seal.ts';
import { writeStrongLink } from '../../src/approvals/strong/links.ts';
import { workOnDevices } from '../../src/approvals/strong/tenant/run.ts';
import { factors } from '../../src/db/schema/factors.ts';
import { countEffects, click } from '../support/attack.ts';
import { ask, clearOpen, codeOf, countAttacks } from '../support/attack-desk.ts';
import { WORKSPACE } from '../support/desk.ts';
import { startDeviceDesk, type DeviceDesk } from '../support/tenant/device.ts';

let desk: DeviceDesk;

beforeAll(async () => {
  desk = await startDeviceDesk();
});
beforeEach(() => desk.quiet());
afterEach(async () => {
  await clearOpen(desk);
  await desk.tick();
  desk.tenant.world.faults.clear();
});
afterAll(() => desk.stop());

describe('a linked identity', () => {
  it('counts after a day only, and the click is not taken before', async () => {
    const { approval } = await ask(desk);
    expect(await codeOf(click(desk, approval.id))).toBe('device_waiting');
    expect(desk.tenant.world.ciba.size).toBe(0);
    expect(desk.news.map(({ adminText }) => adminText).join()).toMatch(/passkey vouch [0-9a-f]{8}/);
    await desk.letItCount();
    await click(desk, approval.id);
  });
});

describe('the member’s own device', () => {
  it('is asked once, shows the same code, and its yes sends the mail', async () => {
    const asked = await desk.approve();
    const effects = countEffects(desk);
    await desk.tick();
    const phone = desk.phone();
    expect(phone.sub).toBe('auth0|ben');
    expect(phone.bindingMessage).toBe(`gmail.messages.send priya-at-acme.test ${asked.approval.code}`);
    expect(phone.details).toMatchObject([
      {
        type: 'agentdesk_call',
        approval_digest: asked.approval.digest.toString('base64url'),
        properties: {
          code: { display: true, value: asked.approval.code },
          target: { value: 'priya@acme.test' },
        },
      },
    ]);
    expect(await desk.request(asked)).toMatchObject({ status: 'waiting', intervalSeconds: 5 });
    await desk.tick();
    await desk.desk.agent.run(asked.turn);
    expect(countEffects(desk)).toBe(effects);
    phone.status = 'approved';
    await desk.tick();
    await desk.desk.agent.run(asked.turn);
    expect(countEffects(desk)).toBe(effects + 1);
    expect(await desk.status(asked)).toMatchObject({ call: 'done' });
    const polls = desk.polls();
    await desk.tick();
    expect(desk.polls()).toBe(polls);
    expect(await desk.request(asked)).toMatchObject({ status: 'approved', authReqIdSealed: null });
    expect(desk.redrawn.filter(({ approvalId }) => approvalId === asked.approval.id)).toMatchObject([
      { mark: 'asked-1' },
      { mark: 'device-confirmed' },
    ]);
    expect(desk.tenant.world.violations).toEqual([]);
  });

  it('says no: denied, by whom and how', async () => {
    const asked = await desk.approve();
    await desk.tick();
    desk.phone().status = 'denied';
    await desk.tick();
    await desk.desk.agent.run(asked.turn);
    expect(await desk.status(asked)).toMatchObject({
      approval: 'denied',
      call: 'denied',
      message: 'It was denied: on your second device. Nothing was done.',
    });
    expect((await desk.audit('approval.decided')).at(-1)).toMatchObject({
      outcome: 'denied',
      detail: { from: 'device' },
    });
  });

  it('says no before the click was carried to the authority', async () => {
    const asked = await ask(desk);
    await click(desk, asked.approval.id);
    await desk.tick();
    desk.phone().status = 'denied';
    await desk.tick();
    const attacks = await countAttacks(desk);
    await desk.desk.agent.run(asked.turn);
    expect(await desk.status(asked)).toMatchObject({ approval: 'denied' });
    expect(await countAttacks(desk)).toBe(attacks);
  });

  it('does not answer: expired, though the tenant says access_denied; expired_token means the same', async () => {
    for (const error of ['access_denied', 'expired_token']) {
      await desk.quiet();
      const asked = await desk.approve();
      await desk.tick();
      if (error === 'access_denied')
        await desk.database
          .owner`update agentdesk.strong_requests set deadline_at = now() - interval '1 second' where status = 'waiting'`;
      desk.tenant.fail('/oauth/token', { status: 400, body: { error } });
      await desk.tick();
      expect(await desk.status(asked)).toMatchObject({
        approval: 'expired',
        call: 'expired',
        message: expect.stringContaining('did not confirm it in time') as string,
      });
    }
  });
});

describe('polling', () => {
  it('goes slower when it is told to, and as long as it is told to', async () => {
    const asked = await desk.approve();
    await desk.tick();
    const body = { error: 'slow_down', error_description: 'Try again in 40 seconds.' };
    desk.tenant.fail('/oauth/token', { status: 429, headers: { 'retry-after': '40' }, body });
    await desk.tick();
    const row = await desk.request(asked);
    expect(row.intervalSeconds).toBe(10);
    expect(Number(row.nextPollAt) - Date.now()).toBeGreaterThan(37_000);
  });

  it('keeps the request alive through outages and limits, and the card says so', async () => {
    const asked = await desk.approve();
    desk.tenant.fail('/bc-authorize', { status: 503 }, { status: 429, headers: { 'retry-after': '30' } });
    await desk.tick();
    expect(await desk.request(asked)).toMatchObject({ status: 'asking', trouble: 'vault_unreachable' });
    await desk.tick();
    expect(await desk.request(asked)).toMatchObject({ status: 'asking', trouble: 'device_busy' });
    await desk.tick();
    expect(await desk.request(asked)).toMatchObject({ status: 'waiting', trouble: null });
    desk.tenant.fail('/oauth/token', { status: 502 }, { status: 500, body: { error: 'server_error' } });
    await desk.tick();
    await desk.tick();
    expect(await desk.request(asked)).toMatchObject({ status: 'waiting', trouble: 'vault_unreachable' });
    desk.phone().status = 'approved';
    await desk.tick();
    await desk.desk.agent.run(asked.turn);
    expect(await desk.status(asked)).toMatchObject({ call: 'done' });
  });

  it('is done by one of all processes, also after one of them died', async () => {
    const asked = await desk.approve();
    await desk.tick();
    const polls = desk.polls();
    await desk.database
      .owner`update agentdesk.strong_requests set next_poll_at = now() where status = 'waiting'`;
    const { approvals } = desk.desk.deps;
    await Promise.all(Array.from({ length: 8 }, () => workOnDevices(approvals)));
    expect(desk.polls()).toBe(polls + 1);
    // Taken by a process that is no more: after its lease another one goes on.
    await desk.database
      .owner`update agentdesk.strong_requests set lease_id = gen_random_uuid(), next_poll_at = now() + interval '60 seconds'
      where status = 'waiting'`;
    expect(await workOnDevices(approvals)).toBe(0);
    await desk.database
      .owner`update agentdesk.strong_requests set next_poll_at = now() where status = 'waiting'`;
    desk.phone().status = 'approved';
    desk.phone().lastPoll = 0;
    expect(await workOnDevices(approvals)).toBe(1);
    expect(await desk.request(asked)).toMatchObject({ status: 'approved' });
  });

  it('asks one member five times a minute at the most', async () => {
    await desk.database.owner`delete from agentdesk.strong_requests where status = 'ended'`;
    const before = desk.tenant.world.ciba.size;
    for (let time = 0; time < 6; time += 1) await desk.approve();
    await desk.tick();
    expect(desk.tenant.world.ciba.size - before).toBe(5);
    await desk.tick();
    expect(desk.tenant.world.ciba.size - before).toBe(5);
    await desk.database
      .owner`update agentdesk.strong_requests set asked_at = asked_at - interval '61 seconds'`;
    await desk.tick();
    expect(desk.tenant.world.ciba.size - before).toBe(6);
  });

  it('asks once more when the answer was lost', async () => {
    const asked = await desk.approve();
    await desk.tick();
    desk.phone().status = 'used';
    await desk.tick();
    expect(await desk.request(asked)).toMatchObject({ status: 'asking', trouble: 'device_answer_lost' });
    await desk.tick();
    expect(await desk.request(asked)).toMatchObject({ status: 'waiting', asks: 2 });
  });

  it('leaves alone what was stopped meanwhile', async () => {
    const asked = await desk.approve();
    await desk.tick();
    await clearOpen(desk);
    const polls = desk.polls();
    await desk.tick();
    expect(desk.polls()).toBe(polls);
    expect(await desk.request(asked)).toMatchObject({ status: 'ended', authReqIdSealed: null });
  });
});

describe('a tenant that knows no device of the member', () => {
  it.each([
    { error: 'invalid_request', error_description: 'User does not have push notifications' },
    { error: 'unknown_user_id' },
    { error: 'access_denied', error_description: 'not enrolled' },
  ])('ends it with how to enrol: $error', async (body) => {
    const asked = await desk.approve();
    desk.tenant.fail('/bc-authorize', { status: 400, body });
    await desk.tick();
    const { approval, call, message } = await desk.status(asked);
    expect([approval, call]).toEqual(['cancelled', 'cancelled']);
    expect(message).toMatch(/knows no device of yours.*Guardian.*\/agentdesk passkey/);
  });

  it('is not blamed for a client that is set up wrongly', async () => {
    const asked = await desk.approve();
    desk.tenant.fail('/bc-authorize', { status: 403, body: { error: 'unauthorized_client' } });
    await desk.tick();
    expect((await desk.status(asked)).message).toContain('agentdesk doctor');
  });

  it('leaves it to a passkey that counts; while the phone is asked, no passkey will do', async () => {
    const { approvals } = desk.desk.deps;
    const id = '11111111-1111-4111-8111-111111111111';
    const factor = {
      id,
      workspaceId: WORKSPACE,
      memberId: 'U0BEN',
      kind: 'passkey' as const,
      credentialId: 'made-for-the-test',
      publicKey: Buffer.from('key'),
      countsFrom: new Date(Date.now() - 1_000),
    };
    await desk.desk.database.db
      .insert(factors)
      .values({ ...factor, counter: 0, transports: [], seal: sealFactor(approvals, factor) });
    const asked = await desk.approve();
    const link = writeStrongLink(approvals, 'strong', asked.approval.id) ?? '';
    const look = () => findConfirmation(approvals, link.slice(link.lastIndexOf('/') + 1));
    expect((await look()).problem?.message).toContain('asked on your own device');
    desk.tenant.fail('/bc-authorize', { status: 400, body: { error: 'invalid_request' } });
    await desk.tick();
    expect(await desk.request(asked)).toMatchObject({ status: 'passkey', trouble: 'device_not_enrolled' });
    expect((await look()).problem).toBeNull();
    expect(await desk.status(asked)).toMatchObject({ approval: 'approved', call: 'approved' });
    await desk.database.owner`delete from agentdesk.factors where id = ${id}`;
  });
});
