import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toToolName } from '../../src/actions/catalog.ts';
import { authorize } from '../../src/calls/authorize.ts';
import { perform } from '../../src/calls/perform.ts';
import { findTurn, receiveMessage } from '../../src/calls/turns.ts';
import { freshId } from '../support/attack-desk.ts';
import { PEOPLE, WORKSPACE } from '../support/desk.ts';
import { startTenantDesk, type TenantDesk } from '../support/tenant/desk.ts';

const MEMBERS = ['U0ADA', 'U0BEN'] as const;
const SUBJECTS: Readonly<Record<string, string>> = { U0ADA: 'auth0|ada', U0BEN: 'auth0|ben' };

describe('two members in one thread of a channel', () => {
  let desk: TenantDesk;
  beforeAll(async () => {
    desk = await startTenantDesk();
    for (const memberId of MEMBERS) {
      const email = PEOPLE[memberId]?.email ?? '';
      await desk.link(memberId, email);
      await desk.connectAt(memberId, 'google-oauth2', email);
    }
    desk.allowAll();
  }, 60_000);
  afterAll(() => desk.stop());

  /** One message of a member in the shared thread, and what the agent does for it. */
  async function act(memberId: string, threadTs: string, subject: string): Promise<void> {
    const { deps } = desk.desk;
    const [channel, eventId] = ['C0SHARED', freshId()];
    const message = { workspaceId: WORKSPACE, memberId, channel, threadTs, eventId };
    await receiveMessage(deps, { ...message, text: 'do it', surface: 'channel' });
    const turn = await findTurn(deps, `${WORKSPACE}/${channel}/${threadTs}/${eventId}`);
    if (turn === null) throw new Error('no turn');
    const args = { to: ['priya@acme.test'], subject, text: 'Hello.' };
    const tool = { id: freshId(), name: toToolName('gmail.messages.send'), args, unusable: null };
    const asked = await authorize(deps, turn, [], tool);
    if (asked.kind !== 'call') throw new Error(`no call: ${asked.kind}`);
    const call = await perform(deps, turn, asked.call.id);
    expect(call).toMatchObject({ status: 'done', memberId, subject: SUBJECTS[memberId] });
  }

  const boxOf = (subject: string): string[] =>
    desk.google.world
      .mailboxes()
      .filter((box) => box.messages.some((one) => one.subject === subject && one.labels.includes('SENT')))
      .map(({ email }) => email);

  it('never act as each other, however their turns interleave', async () => {
    const turns = fc.array(fc.record({ who: fc.constantFrom(...MEMBERS), together: fc.boolean() }), {
      minLength: 2,
      maxLength: 6,
    });
    let thread = 0;
    await fc.assert(
      fc.asyncProperty(turns, async (order) => {
        thread += 1;
        const exchangedBefore = desk.tenant.world.exchanges.length;
        const done: { memberId: string; subject: string }[] = [];
        let running: Promise<void>[] = [];
        for (const { who, together } of order) {
          const subject = freshId();
          done.push({ memberId: who, subject });
          running.push(act(who, `${thread}.000100`, subject));
          if (together) continue;
          await Promise.all(running);
          running = [];
        }
        await Promise.all(running);
        for (const { memberId, subject } of done) expect(boxOf(subject)).toEqual([PEOPLE[memberId]?.email]);
        // The tenant was asked with the refresh tokens of those who acted, as often as they did.
        const exchanged = desk.tenant.world.exchanges.slice(exchangedBefore).sort();
        expect(new Set(exchanged)).toEqual(new Set(done.map(({ memberId }) => SUBJECTS[memberId])));
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it('gets no token when a row of one member is given the sealed token of the other', async () => {
    const { owner } = desk.database;
    const [before] = await owner`select refresh_sealed from agentdesk.links where member_id = 'U0BEN'`;
    await owner`update agentdesk.links set refresh_sealed =
      (select refresh_sealed from agentdesk.links where member_id = 'U0ADA') where member_id = 'U0BEN'`;
    const subject = { workspaceId: WORKSPACE, memberId: 'U0BEN', subject: 'auth0|ben' };
    await expect(desk.vault.vault.subjectToken(subject, 'lease')).rejects.toMatchObject({ code: 'internal' });
    await owner`update agentdesk.links set refresh_sealed = ${before?.['refresh_sealed'] as string}
      where member_id = 'U0BEN'`;
    const hers = { ...subject, subject: 'auth0|ada' };
    await expect(desk.vault.vault.subjectToken(hers, 'lease')).rejects.toMatchObject({
      code: 'link_missing',
    });
  });
});
