import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createGithubStandIn } from '../sandbox/github/stand-in.ts';
import { createGoogleStandIn } from '../sandbox/google/stand-in.ts';
import { createPage } from '../sandbox/page/create-page.ts';
import { createSlackStandIn } from '../sandbox/slack/stand-in.ts';

interface StandIn<Credentials> {
  readonly origin: string;
  readonly credentials: Credentials;
}

/** The stand-ins, running. */
export interface Sandbox {
  readonly slack: StandIn<ReturnType<typeof createSlackStandIn>['credentials']>;
  readonly google: StandIn<{ clientId: string; clientSecret: string }>;
  readonly github: StandIn<{ clientId: string; clientSecret: string }>;
  /** Serves the browser page. @returns false when the request is not for it */
  handle(req: IncomingMessage, res: ServerResponse): boolean;
  stop(): Promise<void>;
}

/** @param allowedHosts `host:port` values the page may be asked at */
export async function startSandbox(dataDir: string, allowedHosts: () => readonly string[]): Promise<Sandbox> {
  const dir = join(dataDir, 'sandbox');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const files = ['slack', 'google', 'github'].map((name) => createStateFile(join(dir, `${name}.json`)));
  const [slackFile, googleFile, githubFile] = files as [StateFile, StateFile, StateFile];
  const now = (): Date => new Date();
  const slack = createSlackStandIn({ state: slackFile, now });
  const google = createGoogleStandIn({ state: googleFile, now });
  const github = createGithubStandIn({ state: githubFile, now });
  const [slackAt, googleAt, githubAt] = await Promise.all([slack.start(), google.start(), github.start()]);
  const page = createPage({ slack: slack.world, google: google.world, github: github.world, allowedHosts });
  return {
    slack: { origin: slackAt.origin, credentials: slack.credentials },
    google: { origin: googleAt.origin, credentials: google.credentials },
    github: { origin: githubAt.origin, credentials: github.credentials },
    handle: (req, res) => page.handle(req, res),
    async stop() {
      page.close();
      await Promise.all([slack.stop(), google.stop(), github.stop()]);
      for (const file of files) file.flush();
    },
  };
}

interface StateFile {
  load(): unknown;
  save(snapshot: unknown): void;
  flush(): void;
}

/** A JSON file, replaced whole; written at most every 100 ms, so that a busy chat does not write for each message. */
function createStateFile(file: string): StateFile {
  let latest: unknown = null;
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    writeFileSync(`${file}.new`, JSON.stringify(latest), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    load() {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as unknown;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    save(snapshot) {
      latest = snapshot;
      timer ??= setTimeout(flush, 100);
    },
    flush,
  };
}
