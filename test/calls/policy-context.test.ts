import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize } from '../../src/calls/authorize.ts';
import type { Call } from '../../src/calls/deps.ts';
import { listSources, markTargets } from '../../src/calls/provenance.ts';
import { perform } from '../../src/calls/perform.ts';
import { findTurn } from '../../src/calls/turns.ts';
import type { PolicyCall } from '../../src/policy/types.ts';
import { createHostileModel, freshId } from '../support/attack-desk.ts';
import { startTestDesk, type TestDesk } from '../support/desk.ts';

const address = (value: string) => ({ kind: 'address', value }) as const;

describe('where the targets of a call came from', () => {
  it('is told of each, and the own account is nobody’s', () => {
    const marked = markTargets(
      [address('priya@acme.test'), address('eve@x.example'), address('ADA@acme.test')],
      ['mail priya@acme.test'],
      [],
    );
    expect(marked.map(({ provenance }) => provenance)).toEqual(['you', 'agent', 'agent']);
    expect(listSources(marked, 'ada@acme.test')).toEqual(['agent', 'member']);
    expect(listSources(marked.slice(2), 'ada@acme.test')).toEqual([]);
  });
});

describe('what the policy is asked about a call', () => {
  let test: TestDesk;
  beforeAll(async () => {
    test = await startTestDesk(createHostileModel());
    for (const connection of ['google-oauth2', 'github'] as const) await test.connect(connection, 'U0BEN');
  });
  afterAll(() => test.stop());

  const asked = async (turnId: string, name: string, args: unknown, words: string[]): Promise<Call> => {
    const { deps } = test.desk;
    const turn = await findTurn(deps, turnId);
    if (turn === null) throw new Error('no turn');
    const found = await authorize(deps, turn, words, { id: freshId(), name, args, unusable: null });
    if (found.kind !== 'call') throw new Error(found.kind);
    return found.call.status === 'allowed' ? perform(deps, turn, found.call.id) : found.call;
  };
  const contextOf = (call: Call) => (call.policyCall as PolicyCall).context;

  it('holds the sources of its targets: the person, what was fetched, the agent', async () => {
    const turn = await test.say('U0BEN', 'mail priya@acme.test');
    const mail = { subject: 'Plan', text: 'x' };
    const said = await asked(turn, 'gmail_messages_send', { ...mail, to: ['priya@acme.test'] }, [
      'mail priya@acme.test',
    ]);
    expect(contextOf(said)).toMatchObject({ provenance: ['member'], surface: 'dm' });
    const own = await asked(turn, 'gmail_messages_send', { ...mail, to: ['zoe@nowhere.example'] }, []);
    expect(contextOf(own).provenance).toEqual(['agent']);
    const read = await asked(turn, 'github_issues_list', { repository: 'acme/website' }, []);
    expect(read.status).toBe('done');
    const issue = { repository: 'acme/website', number: 1, body: 'Thanks' };
    const fetched = await asked(turn, 'github_issues_createComment', issue, []);
    expect(contextOf(fetched).provenance).toContain('fetched');
  });

  it('holds labels, the repository and who can see it, and who asks', async () => {
    const turn = await test.say('U0BEN', 'open an issue');
    const call = await asked(
      turn,
      'github_issues_create',
      { repository: 'acme/website', title: 'T', labels: ['Bug'] },
      ['acme/website'],
    );
    const { facts, context, member } = call.policyCall as PolicyCall;
    expect(facts).toMatchObject({
      repository: 'acme/website',
      labels: ['Bug'],
      repositoryVisibility: 'public',
    });
    expect(context.provenance).toEqual(['member']);
    expect(member).toMatchObject({ role: 'member', groups: [] });
  });
});
