import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalog, findAction, toToolName } from '../../src/actions/catalog.ts';
import { authorize } from '../../src/calls/authorize.ts';
import type { Call, CallDeps } from '../../src/calls/deps.ts';
import { perform } from '../../src/calls/perform.ts';
import { findCall } from '../../src/calls/query.ts';
import { reconcileDue } from '../../src/calls/reconcile.ts';
import { findTurn } from '../../src/calls/turns.ts';
import { preparePolicy } from '../../src/policy/prepare.ts';
import { createHostileModel, freshId } from '../support/attack-desk.ts';
import { startTestDesk, type TestDesk } from '../support/desk.ts';
import { startAnswering, type Answer, type Answering } from './answering.ts';

/** Answers that say: it was not done. */
const REFUSED = [400, 401, 403, 404, 409, 412, 422];

/** Answers that say neither that it was done nor that it was not. */
const NOT_UNDERSTOOD: Record<string, Omit<Answer, 'carriedOut'>> = {
  ...Object.fromEntries([302, 303, 304, 408, 499, 503].map((status) => [`${status}`, { status }])),
  'a web page for an answer': { status: 200, type: 'text/html', body: '<html>Sign in</html>' },
  'JSON that breaks off': { status: 200, body: '{"id": "x' },
  'JSON of something else': { status: 200, body: '{"ok":true}' },
  'an answer that breaks off': { status: 200, body: '{"id":"x"}', breaks: 'within' },
  'a connection that ends': { status: 0, breaks: 'before' },
};

const MAIL = { to: ['priya@acme.test'], subject: 'Plan', text: 'The plan.' };
const EVENT = { title: 'Focus', start: '2027-03-01T09:00', end: '2027-03-01T10:00' };
const ISSUE = { repository: 'acme/website', number: 1 };

/** Everything that changes something at a provider, and what it is done with here. */
const EFFECTS: Record<string, (made: () => Promise<string>) => Promise<Record<string, unknown>>> = {
  'gmail.messages.send': () => Promise.resolve({ ...MAIL, subject: freshId() }),
  'gmail.drafts.create': () => Promise.resolve({ ...MAIL, subject: freshId() }),
  'calendar.events.insert': () => Promise.resolve({ ...EVENT, title: freshId() }),
  'calendar.events.patch': async (made) => ({ event: await made(), title: freshId() }),
  'calendar.events.delete': async (made) => ({ event: await made() }),
  'github.issues.create': () => Promise.resolve({ repository: ISSUE.repository, title: freshId() }),
  'github.issues.createComment': () => Promise.resolve({ ...ISSUE, body: freshId() }),
  'github.issues.update': () => Promise.resolve({ ...ISSUE, title: freshId() }),
};

/** The request an effect is made by; the draft before a mail is none. */
const isWrite = (id: string) => (method: string, path: string) =>
  method !== 'GET' && (id !== 'gmail.messages.send' || path.endsWith('/drafts/send'));

describe('what an answer to a write comes to', () => {
  let test: TestDesk;
  let allowing: CallDeps['policies'];

  beforeAll(async () => {
    test = await startTestDesk(createHostileModel());
    for (const connection of ['google-oauth2', 'github'] as const) await test.connect(connection, 'U0BEN');
    const everything = preparePolicy({
      catalog: catalog.map(({ id, service, risk }) => ({ id, service, risk })),
      layers: [
        { name: 'built-in', cedar: '@id("all")\n@reason("All.")\npermit (principal, action, resource);' },
      ],
      version: 'everything',
    });
    allowing = {
      ...test.desk.deps.policies,
      load: () => Promise.resolve(everything),
      loadLocked: () => Promise.resolve(everything),
    };
  });
  afterAll(() => test.stop());

  const call = async (
    id: string,
    given: Record<string, unknown>,
    network: Answering | null = null,
    answer: Answer | null = null,
  ): Promise<Call> => {
    const deps: CallDeps = {
      ...test.desk.deps,
      policies: allowing,
      vault: { ...test.desk.deps.vault, ...(network === null ? {} : { resolveHost: () => network.origin }) },
    };
    const turn = await findTurn(deps, await test.say('U0BEN', 'do it'));
    if (turn === null) throw new Error('no turn');
    const tool = { id: freshId(), name: toToolName(id), args: given, unusable: null };
    const authorized = await authorize(deps, turn, [], tool);
    if (authorized.kind !== 'call') throw new Error(`no call: ${authorized.kind}`);
    expect(authorized.call.status).toBe('allowed');
    if (network !== null) network.answer = answer;
    try {
      return await perform(deps, turn, authorized.call.id);
    } finally {
      if (network !== null) network.answer = null;
    }
  };
  const makeEvent = async (): Promise<string> => {
    const made = await call('calendar.events.insert', EVENT);
    return (made.result as { data: { id: string } }).data.id;
  };
  const wasReadBack = async ({ id }: Call): Promise<boolean> => {
    const rows = await test.database.owner`select 1 from agentdesk.leases
      where call_id = ${id} and kind = 'reconcile'`;
    return rows.length > 0;
  };

  it('is asked of every action that changes something', () => {
    const ids = catalog.filter(({ risk }) => risk !== 'read').map(({ id }) => id);
    expect(Object.keys(EFFECTS).sort()).toEqual(ids.sort());
  });

  describe.each(Object.keys(EFFECTS))('%s', (id) => {
    let network: Answering;
    beforeAll(async () => {
      const host = findAction(id)?.requests.perform[0]?.host ?? '';
      network = await startAnswering(test.desk.deps.vault.resolveHost(host), isWrite(id));
    });
    afterAll(() => network.stop());

    const run = async (answer: Answer): Promise<Call> =>
      call(id, (await EFFECTS[id]?.(makeEvent)) ?? {}, network, answer);

    it('failed, where the provider says that it did not do it', async () => {
      for (const status of REFUSED) {
        const after = await run({ status, carriedOut: false });
        // An id of ours that is taken is most likely taken by us, so that is looked at.
        const look = id === 'calendar.events.insert' && status === 409;
        expect([status, after.status, await wasReadBack(after)]).toEqual([
          status,
          look ? 'allowed' : 'failed',
          look,
        ]);
      }
    });

    it('is tried again, once, when the provider wants it later', async () => {
      const after = await run({ status: 429, carriedOut: false });
      expect([after.status, after.errorMessage]).toEqual([
        'executing',
        expect.stringContaining('60 seconds'),
      ]);
      expect(await wasReadBack(after)).toBe(false);
      const makeDue = () =>
        test.database.owner`update agentdesk.calls set reconcile_at = now() where id = ${after.id}`;
      const deps = { ...test.desk.deps, policies: allowing };
      // The call is let go and its turn woken in one transaction: a crash in between would leave it waiting for ever.
      const noWake = { ...deps.jobs, wake: () => Promise.reject(new Error('killed here')) };
      await makeDue();
      await expect(reconcileDue({ ...deps, jobs: noWake })).rejects.toThrow('killed here');
      expect((await findCall(deps, after.id))?.status).toBe('executing');
      await makeDue();
      await reconcileDue(deps);
      const woken = await test.database.owner`select 1 from agentdesk.inbox
        where turn_id = ${after.turnId} and kind = 'resume'`;
      expect(woken).toHaveLength(1);
      const turn = await findTurn(deps, after.turnId);
      if (turn === null) throw new Error('no turn');
      expect((await findCall(deps, after.id))?.status).toBe('allowed');
      expect((await perform(deps, turn, after.id)).status).toBe('done');
    });

    it('failed, when that is later than the call may run', async () => {
      const after = await run({ status: 429, retryAfter: 290, carriedOut: false });
      expect(after.status).toBe('executing');
      expect((await run({ status: 429, retryAfter: 299, carriedOut: false })).status).toBe('failed');
    });

    it('is read back, never failed, where the answer is not understood and it was done', async () => {
      for (const [name, answer] of Object.entries(NOT_UNDERSTOOD)) {
        const after = await run({ ...answer, carriedOut: true });
        expect([name, await wasReadBack(after)]).toEqual([name, true]);
        expect(['done', 'unknown', 'executing'], `${name}: ${after.status}`).toContain(after.status);
      }
    });

    it('is read back, never failed, where the answer is not understood and it was not done', async () => {
      for (const name of ['302', '503', 'a web page for an answer', 'a connection that ends']) {
        const answer = NOT_UNDERSTOOD[name] ?? { status: 500 };
        const after = await run({ ...answer, carriedOut: false });
        expect([name, await wasReadBack(after)]).toEqual([name, true]);
        // Free again only when it was answered, and the provider shows that it is not there.
        expect(['allowed', 'unknown', 'executing'], `${name}: ${after.status}`).toContain(after.status);
        if (answer.breaks !== undefined) expect([name, after.status]).not.toEqual([name, 'allowed']);
      }
    });
  });
});
