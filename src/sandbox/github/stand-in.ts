import { randomSecret, type ClientCredentials } from '../http/credentials.ts';
import { createFaultQueue } from '../http/faults.ts';
import { createRequestLog } from '../http/request-log.ts';
import { createRouter } from '../http/router.ts';
import { createStandInServer, type StandInServer } from '../http/server.ts';
import { openStore, type StatePort } from '../http/store.ts';
import { addAccessToken } from './access-token.ts';
import { addApplications } from './applications.ts';
import { addAuthorize } from './authorize.ts';
import { replyUsual } from './errors.ts';
import { addIssuePage } from './issue-page.ts';
import { addIssueReads } from './issues-read.ts';
import { addIssueWrites } from './issues-write.ts';
import { addRepositories } from './repositories.ts';
import { addSearch } from './search.ts';
import { seedIssues, seedRepositories } from './seed.ts';
import type { Github, GithubState } from './state.ts';
import { createSurroundings } from './surroundings.ts';
import { addUsers } from './users-api.ts';
import { createGithubWorld, type GithubWorld } from './world.ts';

export interface GithubStandIn extends StandInServer {
  readonly world: GithubWorld;
  /** The one OAuth app it knows. */
  readonly credentials: ClientCredentials;
}

/**
 * A stand-in of GitHub on one loopback origin: the site's OAuth pages and the REST API.
 * @param options.state where it keeps its world; with an empty one three repositories are made
 * @param options.port 0 for any free one
 */
export function createGithubStandIn(options: {
  readonly state: StatePort;
  readonly now: () => Date;
  readonly port?: number;
}): GithubStandIn {
  const { now } = options;
  const seed = (): GithubState => seedState(now());
  const github: Github = {
    store: openStore<GithubState>({ port: options.state, version: 1, now, seed }),
    now,
  };
  const router = createRouter();
  for (const add of [addAuthorize, addAccessToken, addApplications, addUsers, addRepositories])
    add(router, github);
  for (const add of [addIssueReads, addIssueWrites, addSearch, addIssuePage]) add(router, github);
  const faults = createFaultQueue();
  const log = createRequestLog();
  const server = createStandInServer({
    port: options.port ?? 0,
    now,
    router,
    faults,
    log,
    notFound: () => replyUsual(404),
    failure: (status) => replyUsual(status),
    around: createSurroundings(github),
  });
  const { clientId, clientSecret } = github.store.state;
  return {
    ...server,
    world: createGithubWorld(github, faults, () => log.list()),
    credentials: { clientId, clientSecret },
  };
}

function seedState(now: Date): GithubState {
  return {
    version: 1,
    effects: [],
    clientId: randomSecret('Ov23', 16),
    clientSecret: randomSecret('', 40).toLowerCase(),
    lastId: 10_000,
    codes: [],
    tokens: [],
    repositories: seedRepositories(now),
    issues: seedIssues(now),
  };
}
