import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGoogleStandIn } from '../../src/sandbox/google/stand-in.ts';
import { startFakeOpenAi } from '../support/fake-openai.ts';
import type { BareOptions } from './bare-options.ts';
import { startChild, type Child } from './child.ts';
import { connectPeople } from './connect-people.ts';
import { startDatabases, type Databases } from './databases.ts';
import { findFreePort } from '../support/program.ts';
import { obtainGoogleToken } from './google-token.ts';
import { createSide, type Side } from './side.ts';
import { startSlackDouble, type SlackDouble } from './slack-double.ts';
import { users } from './slack-wire.ts';
import { think } from './think.ts';

/** Both programs on their doubles, ready to be asked things. */
export interface Stage {
  readonly databases: Databases;
  /** The database of {@link Stage.desk}, as its owner. */
  readonly deskUrl: string;
  readonly desk: Side & { readonly child: Child };
  readonly bare: Side & { readonly child: Child };
  readonly google: ReturnType<typeof createGoogleStandIn>['world'];
  /** People of the desk's Slack whose account is connected. */
  readonly people: readonly string[];
  /** Starts one more process of AgentDesk, at the same doubles. */
  startDesk(variables: Readonly<Record<string, string>>): Promise<Child>;
  startBare(): Promise<Child>;
  stop(): Promise<void>;
}

export async function openStage(peopleCount: number): Promise<Stage> {
  const closes: (() => Promise<void> | void)[] = [];
  const databases = await startDatabases();
  closes.push(() => databases.stop());
  const google = createGoogleStandIn({
    state: { load: () => null, save: () => undefined },
    now: () => new Date(),
  });
  const { origin } = await google.start();
  closes.push(() => google.stop());
  const model = await startFakeOpenAi(think);
  closes.push(() => model.stop());
  const [deskSlack, bareSlack] = await Promise.all([startSlackDouble(), startSlackDouble()]);
  closes.push(
    () => deskSlack.stop(),
    () => bareSlack.stop(),
  );
  const dataDir = mkdtempSync(join(tmpdir(), 'agentdesk-bench-'));
  closes.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const deskUrl = await databases.create('bench_desk');

  const variables = {
    ...describeSlack(deskSlack),
    GOOGLE_API_URL: origin,
    GOOGLE_CLIENT_ID: google.credentials.clientId,
    GOOGLE_CLIENT_SECRET: google.credentials.clientSecret,
    GITHUB_API_URL: origin,
    OPENAI_BASE_URL: model.baseUrl,
    OPENAI_API_KEY: 'sk-fake-key',
    OPENAI_MODEL: 'fake-1',
    AGENTDESK_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    AGENTDESK_DATA_DIR: dataDir,
    DATABASE_URL: deskUrl,
    LOG_LEVEL: 'warn',
  };
  const startDesk = async (more: Readonly<Record<string, string>>): Promise<Child> => {
    const port = await findFreePort();
    const isReady = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        (answer) => answer.status === 200,
        () => false,
      );
    return startChild(['src/main.ts', 'start'], { ...variables, PORT: String(port), ...more }, isReady);
  };
  const bareOptions: BareOptions = {
    apiUrl: bareSlack.apiUrl,
    botToken: bareSlack.botToken,
    appToken: bareSlack.appToken,
    modelUrl: model.baseUrl,
    modelKey: 'sk-fake-key',
    databaseUrl: await databases.createEmpty('bench_bare'),
    googleUrl: origin,
    token: await obtainGoogleToken(origin, google.credentials),
  };
  const startBare = (): Promise<Child> =>
    startChild(['test/bench/bare.ts', JSON.stringify(bareOptions)], {}, (output) => output.includes('ready'));

  const [deskChild, bareChild] = await Promise.all([startDesk({}), startBare()]);
  closes.push(
    () => deskChild.stop(),
    () => bareChild.stop(),
  );
  const desk = { ...createSide(deskSlack), child: deskChild };
  const people = Array.from({ length: peopleCount }, (_, index) => users.id(index + 1));
  await connectPeople(desk, people);
  return {
    databases,
    deskUrl,
    desk,
    bare: { ...createSide(bareSlack), child: bareChild },
    google: google.world,
    people,
    startDesk,
    startBare,
    async stop() {
      for (const close of closes.reverse()) await close();
    },
  };
}

function describeSlack(slack: SlackDouble): Record<string, string> {
  return { SLACK_API_URL: slack.apiUrl, SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken };
}
