import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Approval, CallApproval } from '../../src/approvals/deps.ts';
import { expireDue } from '../../src/approvals/expire.ts';
import { prove } from '../../src/approvals/prove.ts';
import { findById } from '../../src/approvals/query.ts';
import { beginConfirmation, finishConfirmation } from '../../src/approvals/strong/confirm.ts';
import { writeStrongLink } from '../../src/approvals/strong/links.ts';
import { readRelyingParty, strongTierProblem } from '../../src/approvals/strong/relying-party.ts';
import { requestFactorChange } from '../../src/approvals/strong/requests.ts';
import type { Step } from '../../src/approvals/strong/step.ts';
import { claim } from '../../src/calls/claim.ts';
import { stop as stopDesk, resume } from '../../src/calls/stop.ts';
import { click, countEffects } from '../support/attack.ts';
import { ask, clearOpen, codeOf, countAttacks, createMailModel } from '../support/attack-desk.ts';
import { openBrowser } from '../support/browser.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';
import {
  answerRaw,
  askStrongly,
  createHolder,
  enrol,
  listRows,
  openStrong,
  type Holder,
  type RawAnswer,
  type StrongDesk,
} from '../support/strong.ts';

let browser: Browser;
let test: TestDesk;
let desk: StrongDesk;
let ben: Holder;
let ada: Holder;
let benKey: string;

beforeAll(async () => {
  browser = await openBrowser();
  test = await startTestDesk(createMailModel());
  askStrongly(test);
  for (const member of ['U0BEN', 'U0ADA']) await test.connect('google-oauth2', member);
  desk = await openStrong(test);
  [ben, ada] = [await createHolder(browser), await createHolder(browser)];
  benKey = await enrol(test, desk, ben, 'U0BEN');
  await enrol(test, desk, ada, 'U0ADA');
});
afterEach(() => clearOpen(test));
afterAll(async () => {
  await desk.stop();
  await browser.close();
  await test.stop();
});

interface Waiting {
  readonly turn: string;
  readonly approval: CallApproval;
  readonly reference: string;
  /** Ben's true answer, which nobody has sent yet. */
  answer(change?: Record<string, unknown>): Promise<RawAnswer>;
}

/** A mail that Ben approved in Slack, with his browser at its page. */
async function waitForDevice(): Promise<Waiting> {
  const { turn, approval } = await ask(test);
  await click(test, approval.id, 'approve');
  await test.desk.agent.run(turn);
  const link = desk.confirmLink(approval.id);
  await ben.visit(link);
  return {
    turn,
    approval,
    reference: link.slice(link.lastIndexOf('/') + 1),
    answer: (change) => answerRaw(ben.page, change),
  };
}

const finish = (reference: string, answer: { challenge: string; credential: unknown }): Promise<Step> =>
  finishConfirmation(desk.deps, reference, answer);

async function lastRefusal(): Promise<{ outcome: string; why: string | null; code: string | null }> {
  const [row] = await test.database.owner<{ outcome: string; why: string | null; code: string | null }[]>`
    select outcome, why, code from agentdesk.audit_events where type = 'approval.refused' order by id desc limit 1`;
  if (row === undefined) throw new Error('nothing was refused');
  return row;
}

const reload = (approval: Approval): Promise<Approval | null> =>
  findById(test.desk.database, WORKSPACE, approval.id);

describe('what a second device may answer', () => {
  it('its own challenge, once', async () => {
    const { approval, reference, answer } = await waitForDevice();
    const [right, second] = [await answer(), await answer()];
    // The answer to one asking does not fit another.
    expect(await codeOf(finish(reference, { ...right, challenge: second.challenge }))).toBe('strong_refused');
    expect(await lastRefusal()).toMatchObject({
      code: approval.code,
      why: expect.stringContaining('Unexpected authentication response challenge'),
    });
    // A wrong answer used that asking up; so it does with its right one.
    expect(await codeOf(finish(reference, second))).toBe('strong_refused');
    expect((await reload(approval))?.strongAt).toBeNull();
    expect(await codeOf(finish(reference, right))).toBe('done');
    expect(await codeOf(finish(reference, right))).toBe('strong_refused');
    expect((await reload(approval))?.strongAt).not.toBeNull();
  });

  it('for this approval only', async () => {
    const one = await waitForDevice();
    const forOne = await one.answer();
    const two = await waitForDevice();
    expect(await codeOf(finish(two.reference, forOne))).toBe('strong_refused');
    const forTwo = await two.answer();
    const mixed = { challenge: forTwo.challenge, credential: forOne.credential };
    expect(await codeOf(finish(two.reference, mixed))).toBe('strong_refused');
    expect((await reload(two.approval))?.strongAt).toBeNull();
  });

  it('only when it saw the person', async () => {
    const { approval, reference, answer } = await waitForDevice();
    await ben.verify(false);
    const unseen = await answer({ userVerification: 'discouraged' });
    await ben.verify(true);
    expect(await codeOf(finish(reference, unseen))).toBe('strong_refused');
    expect((await lastRefusal()).why).toContain('User verification required');
    expect((await reload(approval))?.strongAt).toBeNull();
  });

  it('only when it is the approver’s, and counts', async () => {
    const { approval, reference } = await waitForDevice();
    const [adas] = await listRows(test, 'U0ADA');
    await ada.visit(desk.confirmLink(approval.id));
    const hers = await answerRaw(ada.page, {
      allowCredentials: [{ type: 'public-key', id: adas?.credentialId }],
    });
    expect(await codeOf(finish(reference, hers))).toBe('strong_refused');
    expect(await lastRefusal()).toMatchObject({ why: 'That passkey is not one that may confirm this' });
  });

  it('nothing that is no answer', async () => {
    const { reference, answer } = await waitForDevice();
    const { challenge, credential } = await answer();
    const broken = { ...credential, response: { ...credential.response, signature: 'AAAA' } };
    expect(await codeOf(finish(reference, { challenge, credential: broken }))).toBe('strong_refused');
    for (const nonsense of [null, {}, 'x', { id: '\u0000' }, { ...credential, id: 'x'.repeat(5_000) }]) {
      const asked = await answer();
      const sent = { challenge: asked.challenge, credential: nonsense };
      expect(await codeOf(finish(reference, sent))).toBe('strong_refused');
    }
    expect(await codeOf(finish(reference, { challenge: 'not an id', credential }))).toBe('strong_refused');
  });

  it('no more often than a person would', async () => {
    const { reference } = await waitForDevice();
    const codes = [];
    for (let time = 0; time < 31; time += 1)
      codes.push(await codeOf(beginConfirmation(desk.deps, reference)));
    expect(codes.indexOf('strong_refused')).toBe(30);
  });
});

describe('a link', () => {
  it('is of no use without its own secret', async () => {
    const { reference } = await waitForDevice();
    const [id = '', mac = ''] = reference.split('.');
    const flipped = `${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`;
    const link = writeStrongLink(desk.deps, 'passkey', id) ?? '';
    const other = link.slice(link.lastIndexOf('.') + 1);
    for (const wrong of [id, `${id}.`, `${id}.${flipped}`, `${id}.${other}`, `.${mac}`, `${mac}.${id}`, '']) {
      expect(await codeOf(beginConfirmation(desk.deps, wrong))).toBe('strong_expired');
      const answer = await fetch(`${desk.url}/strong/${wrong}`);
      expect([404, 410]).toContain(answer.status);
    }
  });

  it('changes nothing by being looked at, and takes no form of another site', async () => {
    const { approval, reference } = await waitForDevice();
    const url = `${desk.url}/strong/begin/${reference}`;
    const asked = async (): Promise<unknown> =>
      (await test.database.owner`select count(*) from agentdesk.strong_challenges`)[0]?.['count'];
    const before = await asked();
    for (let look = 0; look < 3; look += 1) await fetch(desk.confirmLink(approval.id));
    const json = { 'content-type': 'application/json' };
    const posts = [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { ...json, origin: 'https://evil.example' },
      { ...json, 'sec-fetch-site': 'cross-site' },
      { ...json, origin: 'null' },
    ];
    for (const headers of posts) {
      expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(403);
    }
    expect(await asked()).toBe(before);
    expect((await fetch(url, { method: 'POST', headers: json, body: '{}' })).status).toBe(200);
  });
});

describe('the claim', () => {
  /** Ben confirmed it; then someone at the database changes something, and the call is claimed. */
  async function tamper(change: (waiting: Waiting) => Promise<unknown>): Promise<[string, number]> {
    const waiting = await waitForDevice();
    await finish(waiting.reference, await waiting.answer());
    await change(waiting);
    const attacks = await countAttacks(test);
    const effects = countEffects(test);
    const { calls } = await test.desk.agent.run(waiting.turn);
    expect(countEffects(test)).toBe(effects);
    return [calls[0]?.status ?? '', (await countAttacks(test)) - attacks];
  }

  it('refuses a call that no second device confirmed, whoever asks for it', async () => {
    const { approval } = await waitForDevice();
    const decided = await reload(approval);
    if (decided !== null) await prove(test.desk.deps.approvals, decided);
    await expect(claim(test.desk.deps, approval.callId)).rejects.toThrow('no second device has confirmed it');
    const [call] = await test.database
      .owner`select status from agentdesk.calls where id = ${approval.callId}`;
    expect(call?.['status']).toBe('cancelled');
  });

  it('looks at the device’s answer itself, not at what a row says of it', async () => {
    const { owner } = test.database;
    expect(
      await tamper(
        ({ approval }) => owner`delete from agentdesk.strong_challenges where approval_id = ${approval.id}`,
      ),
    ).toEqual(['cancelled', 1]);
    expect(
      await tamper(
        ({ approval }) =>
          owner`update agentdesk.strong_challenges set nonce = decode(repeat('00', 32), 'hex')
            where approval_id = ${approval.id} and assertion is not null`,
      ),
    ).toEqual(['cancelled', 1]);
    expect(
      await tamper(
        ({ approval }) =>
          owner`update agentdesk.strong_challenges set assertion = jsonb_set(assertion, '{response,signature}', '"MEUCIQ"')
            where approval_id = ${approval.id} and assertion is not null`,
      ),
    ).toEqual(['cancelled', 1]);
  });

  it('takes no passkey that was put into the table', async () => {
    const { owner } = test.database;
    const [mine] = await owner`select * from agentdesk.factors where id = ${benKey}`;
    // Ada's key under Ben's name, with a seal that was Ben's.
    const [adas] =
      await owner`select * from agentdesk.factors where member_id = 'U0ADA' and removed_at is null`;
    expect(
      await tamper(
        () => owner`update agentdesk.factors set public_key = ${adas?.['public_key']} where id = ${benKey}`,
      ),
    ).toEqual(['cancelled', 1]);
    await owner`update agentdesk.factors set public_key = ${mine?.['public_key']} where id = ${benKey}`;
    // A row of one's own making is not there at all.
    await owner`insert into agentdesk.factors (id, workspace_id, member_id, credential_id, public_key, counter, transports, counts_from, seal)
      values (gen_random_uuid(), ${WORKSPACE}, 'U0BEN', 'made-up', ${adas?.['public_key']}, 0, '{}', now(), ${mine?.['seal']})`;
    const { approval } = await waitForDevice();
    const step = await beginConfirmation(desk.deps, desk.confirmLink(approval.id).split('/').at(-1) ?? '');
    expect(JSON.stringify(step)).not.toContain('made-up');
    await owner`delete from agentdesk.factors where credential_id = 'made-up'`;
  });

  it('takes no true answer of a passkey that was moved to the approver in the table', async () => {
    const { owner } = test.database;
    const [adas] = await listRows(test, 'U0ADA');
    const { turn, approval } = await waitForDevice();
    await ada.visit(desk.confirmLink(approval.id));
    const { challenge, credential } = await answerRaw(ada.page, {
      allowCredentials: [{ type: 'public-key', id: adas?.credentialId }],
    });
    const adaId = adas?.id ?? '';
    await owner`update agentdesk.factors set member_id = 'U0BEN' where id = ${adaId}`;
    await owner`update agentdesk.strong_challenges set factor_id = ${adaId}, used_at = now(),
      assertion = ${owner.json(credential)} where id = ${challenge}`;
    await owner`update agentdesk.approvals set strong_at = now() where id = ${approval.id}`;
    const attacks = await countAttacks(test);
    expect((await test.desk.agent.run(turn)).calls[0]?.status).toBe('cancelled');
    expect(await countAttacks(test)).toBe(attacks + 1);
    await owner`update agentdesk.factors set member_id = 'U0ADA' where id = ${adaId}`;
  });

  it('does not take a strong approval whose time was set by hand', async () => {
    const { turn, approval } = await waitForDevice();
    await test.database.owner`update agentdesk.approvals set strong_at = now() where id = ${approval.id}`;
    const attacks = await countAttacks(test);
    expect((await test.desk.agent.run(turn)).calls[0]?.status).toBe('cancelled');
    expect(await countAttacks(test)).toBe(attacks + 1);
  });

  it('refuses, without calling it an attack, when the passkey was removed meanwhile', async () => {
    const { owner } = test.database;
    expect(
      await tamper(() => owner`update agentdesk.factors set removed_at = now() where id = ${benKey}`),
    ).toEqual(['cancelled', 0]);
    await owner`update agentdesk.factors set removed_at = null where id = ${benKey}`;
  });
});

describe('time and stop', () => {
  it('ends what the second device did not confirm in time, and says so', async () => {
    const { turn, approval, reference, answer } = await waitForDevice();
    const late = await answer();
    await test.database.owner`update agentdesk.approvals set execute_by = now() where id = ${approval.id}`;
    expect(await codeOf(finish(reference, late))).toBe('strong_late');
    expect(await expireDue(test.desk.deps.approvals)).toBe(1);
    expect(await expireDue(test.desk.deps.approvals)).toBe(0);
    const { status, calls } = await test.desk.agent.run(turn);
    expect(status).toBe('done');
    expect(calls[0]).toMatchObject({ status: 'expired', errorCode: 'strong_late' });
    expect(await codeOf(beginConfirmation(desk.deps, reference))).toBe('strong_late');
  });

  it('confirms nothing that was stopped', async () => {
    const { turn, reference, answer } = await waitForDevice();
    const right = await answer();
    const scope = { workspaceId: WORKSPACE, memberId: 'U0BEN' };
    await stopDesk(test.desk.deps, scope, 'member:U0BEN');
    expect(await codeOf(finish(reference, right))).toBe('strong_refused');
    await resume(test.desk.deps, scope, 'member:U0BEN');
    expect((await test.desk.agent.run(turn)).calls[0]?.status).toBe('cancelled');
  });
});

describe('where passkeys can be', () => {
  it.each([
    ['http://127.0.0.1:3000', { id: 'localhost', origin: 'http://localhost:3000' }],
    ['http://[::1]:3000', { id: 'localhost', origin: 'http://localhost:3000' }],
    ['http://localhost:3000', { id: 'localhost', origin: 'http://localhost:3000' }],
    ['http://desk.localhost', { id: 'desk.localhost', origin: 'http://desk.localhost' }],
    ['https://desk.acme.com', { id: 'desk.acme.com', origin: 'https://desk.acme.com' }],
    ['https://desk.acme.com:8443', { id: 'desk.acme.com', origin: 'https://desk.acme.com:8443' }],
    ['http://desk.acme.com', null],
    ['https://192.0.2.7', null],
    ['https://[2001:db8::1]', null],
  ])('%s', (publicUrl, party) => {
    expect(readRelyingParty(publicUrl)).toEqual(party);
    expect(strongTierProblem(publicUrl) === null).toBe(party !== null);
  });

  it('says so where they cannot, and takes no click that nothing could follow', async () => {
    const { approval } = await ask(test);
    const deps = { ...test.desk.deps.approvals, publicUrl: 'http://desk.acme.com' };
    expect(writeStrongLink(deps, 'strong', approval.id)).toBeNull();
    const refused = click(
      { ...test, desk: { ...test.desk, deps: { ...test.desk.deps, approvals: deps } } },
      approval.id,
      'approve',
    );
    await expect(refused).rejects.toThrow('PUBLIC_URL is not https');
    expect((await reload(approval))?.status).toBe('pending');
    const wish = { kind: 'enrol' as const, factorId: null, isAdmin: false };
    const owner = { workspaceId: WORKSPACE, memberId: 'U0BEN' };
    expect(await codeOf(requestFactorChange(deps, owner, wish))).toBe('strong_unavailable');
    const [row] = await test.database.owner`
      select outcome from agentdesk.audit_events where type = 'factor.refused' order by id desc limit 1`;
    expect(row?.['outcome']).toBe('strong_unavailable');
  });
});
