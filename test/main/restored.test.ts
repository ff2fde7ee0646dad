import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/agent/offline-model.ts';
import { createOrigin } from '../../src/db/origin.ts';
import { createLog } from '../../src/telemetry.ts';
import { guardAgainstRestore } from '../../src/main/restored.ts';
import { startTestDesk, type TestDesk } from '../support/desk.ts';

let test: TestDesk;
const dir = mkdtempSync(join(tmpdir(), 'agentdesk-restored-'));
const lines: string[] = [];
const log = createLog('info', { write: (line) => lines.push(line) });

beforeAll(async () => {
  test = await startTestDesk(createOfflineModel(() => new Date()));
}, 60_000);
afterAll(async () => {
  await test.stop();
  rmSync(dir, { recursive: true });
});

async function start(): Promise<void> {
  const noting = await guardAgainstRestore(test.desk, dir, log);
  await noting.stop();
}

async function isStopped(): Promise<boolean> {
  const [row] = await test.database.owner`
    select 1 from agentdesk.stops where workspace_id = '' and stopped_at is not null`;
  return row !== undefined;
}

describe('a database restored from a backup', () => {
  it('is none when it goes on where it was', async () => {
    await start();
    await start();
    expect(await isStopped()).toBe(false);
  });

  it.each([
    ['was restored into another server', `identity = '1/1/1'`],
    ['has not come as far as was seen', `heartbeat = 0`],
  ])('starts stopped, with open approvals void, when it %s', async (_, set) => {
    await test.connect('google-oauth2', 'U0BEN');
    const turn = await test.say('U0BEN', 'mail priya@acme.test saying hello');
    await test.desk.agent.run(turn);
    const pending = () => test.database.owner`select 1 from agentdesk.approvals where status = 'pending'`;
    expect((await pending()).length).toBe(1);
    await test.database.owner.unsafe(`update agentdesk.origin set ${set}`);
    await start();
    expect([await isStopped(), (await pending()).length]).toEqual([true, 0]);
    expect(lines.at(-1)).toContain('agentdesk resume --all');
    // Said once: from here on it is the database that this is.
    await test.database.owner`update agentdesk.stops set stopped_at = null`;
    await start();
    expect(await isStopped()).toBe(false);
  });

  it('is told from a new one', async () => {
    await test.database.owner`delete from agentdesk.origin`;
    expect(await createOrigin(test.desk.database, join(dir, 'none.json')).findRestore()).toBeNull();
  });
});
