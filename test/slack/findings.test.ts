import { afterAll, beforeAll, expect, it } from 'vitest';
import { findOrphans } from '../../src/audit/check/orphans.ts';
import { listFindings, recordFinding } from '../../src/audit/check/findings.ts';
import { tellFindings } from '../../src/main/audit/alert.ts';
import { createSlackDesk, TEAM, type SlackDesk } from './desk.ts';
import { textOf, until } from './look.ts';

let desk: SlackDesk;
beforeAll(async () => {
  desk = await createSlackDesk(() => Promise.resolve({ status: 'done', reply: '' }));
});
afterAll(() => desk.stop());

const said = (memberId: string, channel: string) =>
  desk.world.messages(channel, memberId).filter((message) => textOf(message).includes('audit log found'));

it('an orphan is kept for Insights and told to the admins, once and to nobody else', async () => {
  const { database, jobs } = desk.deps.calls;
  await desk.database.owner`
    insert into agentdesk.audit_events (workspace_id, type, actor, outcome, code, detail)
    values (${TEAM}, 'provider.requested', 'desk', '200', 'K7QF2M9C', '{"lease": "none"}')`;
  const orphans = await findOrphans(database, TEAM, null);
  expect(orphans.map(({ text }) => text)).toContain(
    'K7QF2M9C: a token was exchanged or a request sent without a lease.',
  );
  for (const orphan of orphans) await database.within(TEAM, (tx) => recordFinding(tx, TEAM, orphan));
  expect((await listFindings(database, TEAM)).map(({ kind }) => kind)).toContain('orphan');
  const later = new Date(Date.now() + 60_000);
  await Promise.all([0, 1].map(() => tellFindings({ database, jobs }, TEAM, later)));
  const [told] = await until(() => (said('U0ADA', 'D0ADA').length > 0 ? said('U0ADA', 'D0ADA') : null));
  expect(textOf(told!)).toContain('K7QF2M9C: a token was exchanged or a request sent without a lease.');
  await tellFindings({ database, jobs }, TEAM, later);
  await until(async () => {
    const [open] = await desk.database
      .owner`select count(*)::int as n from agentdesk.outbox where sent_at is null`;
    return open?.['n'] === 0;
  });
  expect(said('U0ADA', 'D0ADA')).toHaveLength(1);
  expect(said('U0BEN', 'D0BEN')).toEqual([]);
});
