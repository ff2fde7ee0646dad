import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { startFleet, type Fleet } from './chaos-fleet.ts';
import { createPlannedModel } from './chaos-model.ts';
import type { Topology } from './chaos-plan.ts';
import type { ChaosPostgres } from './chaos-postgres.ts';
import { createTraffic, type Traffic } from './chaos-traffic.ts';
import { startFakeOpenAi } from './fake-openai.ts';
import { connectByCard, startOutside, type Outside } from './outside.ts';

/** A workspace, its far sides, one database and the program on it. */
export interface World {
  readonly outside: Outside;
  readonly model: ReturnType<typeof createPlannedModel>;
  readonly traffic: Traffic;
  readonly fleet: Fleet;
  readonly sql: postgres.Sql;
  readonly restartDatabase: () => Promise<void>;
  /** How long the next killed process stays away. */
  downMs: number;
  stop(): Promise<void>;
}

export const ACCOUNTS = {
  U0ADA: { google: 'ada@acme.test', github: 'ada-acme' },
  U0BEN: { google: 'ben@acme.test', github: 'ben-acme' },
} as const;

/** Starts everything and connects the members' accounts. */
export async function openWorld(
  cluster: ChaosPostgres,
  name: string,
  topology: Topology,
  approvalSeconds: number,
): Promise<World> {
  const server = postgres(cluster.url, { max: 1, onnotice: () => undefined });
  await server.unsafe(`create database ${name}`);
  await server.end();
  const url = new URL(cluster.url);
  url.pathname = `/${name}`;
  const model = createPlannedModel();
  const dataDir = mkdtempSync(join(tmpdir(), 'agentdesk-chaos-data-'));
  const [outside, openAi] = await Promise.all([
    startOutside(),
    startFakeOpenAi((request) => model.reply(request), { key: 'sk-chaos-0123456789abcdef' }),
  ]);
  let world: World | null = null;
  const traffic = createTraffic((process) => world?.fleet.kill(process, world.downMs));
  const { SLACK_API_URL, GOOGLE_API_URL, GITHUB_API_URL, ...credentials } = outside.variables;
  const fleet = await startFleet({
    topology,
    traffic,
    far: {
      slack: new URL(SLACK_API_URL).origin,
      google: GOOGLE_API_URL,
      github: GITHUB_API_URL,
      model: openAi.baseUrl,
    },
    variables: {
      ...credentials,
      DATABASE_URL: url.href,
      AGENTDESK_DATA_DIR: dataDir,
      AGENTDESK_APPROVAL_SECONDS: String(approvalSeconds),
      OPENAI_API_KEY: 'sk-chaos-0123456789abcdef',
      OPENAI_MODEL: 'fake-1',
      LOG_LEVEL: 'debug',
    },
  });
  const sql = postgres(url.href, { max: 3, onnotice: () => undefined });
  world = {
    outside,
    model,
    traffic,
    fleet,
    sql,
    restartDatabase: () => cluster.restart(),
    downMs: 0,
    async stop() {
      await fleet.stop();
      await sql.end({ timeout: 5 });
      await Promise.all([outside.stop(), openAi.stop()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  try {
    await connectEverybody(world);
  } catch (error) {
    const said = fleet.output().slice(-4000);
    await world.stop();
    throw new Error(`nobody could be connected; the program said:\n${said}`, { cause: error });
  }
  return world;
}

/** Through a card each, as the first thing they ever ask for. */
async function connectEverybody({ outside, model }: World): Promise<void> {
  let number = 0;
  for (const user of ['U0ADA', 'U0BEN'] as const) {
    for (const tool of ['read', 'issue'] as const) {
      number += 1;
      const marker = `chaos-0-${number}`;
      model.learn({
        marker,
        user,
        place: 'dm',
        steps: [[{ marker: `${marker}a`, tool, decision: 'expire', twice: false }]],
        ending: 'decide',
        followUp: false,
        startMs: 0,
        thinkMs: 0,
      });
      const account = ACCOUNTS[user][tool === 'read' ? 'google' : 'github'];
      await connectByCard(outside, user, user.replace('U', 'D'), `Connect me: ${marker}`, account);
    }
  }
}
