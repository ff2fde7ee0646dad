import { afterEach, describe, expect, it } from 'vitest';
import { createBoltLog } from '../../src/slack/bolt-log.ts';
import { createSlackClients } from '../../src/slack/clients.ts';
import { createDirectory } from '../../src/slack/directory/directory.ts';
import { BOT_SCOPES } from '../../src/slack/scopes.ts';
import { silent } from '../../src/telemetry-types.ts';
import { createLog } from '../../src/telemetry.ts';
import { startSlack, type Started } from '../sandbox/slack-kit.ts';

const TEAM = 'T0SANDBOX';
let started: Started;
afterEach(() => started.slack.stop());

/** A directory over the stand-in, with a clock of its own. */
async function open(scopes: readonly string[] = BOT_SCOPES) {
  started = await startSlack({ scopes: [...scopes] });
  const lines: string[] = [];
  const log = createLog('warn', { write: (line) => lines.push(line) });
  const clock = { at: Date.now() };
  const clients = createSlackClients({
    apiUrl: `${started.origin}/api/`,
    logger: createBoltLog(log),
    telemetry: silent,
    source: { botToken: started.slack.credentials.botToken },
  });
  const directory = createDirectory({ clients, log, now: () => new Date(clock.at) });
  const groupsOf = async (memberId: string) => (await directory.describeMember(TEAM, memberId)).groups;
  return { groupsOf, clock, lines };
}

describe('the user groups of a member', () => {
  it('are what Slack says, kept for a minute', async () => {
    const { groupsOf, clock } = await open();
    expect(await groupsOf('U0ADA')).toEqual(['S0ADMINS']);
    expect(await groupsOf('U0BEN')).toEqual([]);
    started.world.setUser('U0BEN', { isAdmin: true });
    expect(await groupsOf('U0BEN')).toEqual([]);
    clock.at += 60_000;
    expect(await groupsOf('U0BEN')).toEqual(['S0ADMINS']);
    expect(started.world.violations()).toEqual([]);
  });

  it('are not known when Slack does not say, and asked again soon', async () => {
    const { groupsOf, clock, lines } = await open();
    started.world.faults.failNext('usergroups.list', { status: 500 });
    expect(await groupsOf('U0ADA')).toBeNull();
    expect(await groupsOf('U0ADA')).toBeNull();
    expect(lines.filter((line) => line.includes('user group'))).toHaveLength(1);
    clock.at += 15_000;
    expect(await groupsOf('U0ADA')).toEqual(['S0ADMINS']);
  });

  it('are not known without the scope', async () => {
    const { groupsOf } = await open(BOT_SCOPES.filter((scope) => scope !== 'usergroups:read'));
    expect(await groupsOf('U0ADA')).toBeNull();
  });
});
