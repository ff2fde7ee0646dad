import { connect } from 'node:net';
import type { Topology } from './chaos-plan.ts';
import { openLane, openProviders, pointAt, type FarSides, type ProviderWires } from './chaos-lanes.ts';
import { keepProcess, type Kept } from './chaos-process.ts';
import type { Traffic, Whom } from './chaos-traffic.ts';
import { findFreePort } from './program.ts';

export interface Fleet {
  kill(whom: Whom, downMs: number): void;
  /** Resolves once every process runs and is ready. */
  ready(): Promise<void>;
  /** Everything every process wrote. */
  output(): string;
  /** How often a process ended by itself once it had been ready, with its last words. */
  died(): string[];
  starts(): number;
  stop(): Promise<void>;
}

/** The program's processes on one database, each behind wires of its own. */
export async function startFleet(options: {
  readonly topology: Topology;
  readonly variables: Readonly<Record<string, string>>;
  readonly far: Omit<FarSides, 'authority'>;
  readonly traffic: Traffic;
}): Promise<Fleet> {
  const { topology, traffic } = options;
  const closes: (() => Promise<void>)[] = [];
  const providers = async (sender: (what: string) => Whom): Promise<ProviderWires> => {
    const wires = await openProviders({ ...options.far, authority: null }, sender, traffic);
    closes.push(wires.google.stop, wires.github.stop);
    return wires;
  };
  // An authority apart and its desks have to name the same providers; then who of two desks wrote cannot be told.
  const whoWrote: Whom = topology.desks === 1 ? 0 : 'all';
  const shared = topology.authority
    ? await providers((what) => (what === 'provider.token' ? 'authority' : whoWrote))
    : null;
  let authority: Kept | null = null;
  let authorityUrl: string | null = null;
  if (shared !== null) {
    const port = String(await findFreePort());
    // It has no business with Slack or a model, but is configured as its desks are.
    const far = { SLACK_API_URL: `${options.far.slack}/api/`, OPENAI_BASE_URL: options.far.model };
    const variables = { ...options.variables, ...far, ...pointAt(shared) };
    authority = keepProcess(variables, ['authority', '--port', port], () => isOpen(Number(port)));
    authorityUrl = `http://127.0.0.1:${port}`;
    await authority.ready();
  }
  const desks: Kept[] = [];
  for (let index = 0; index < topology.desks; index += 1) {
    const port = String(await findFreePort());
    const far = { ...options.far, authority: authorityUrl };
    const lane = await openLane(far, index, shared ?? (await providers(() => index)), traffic);
    closes.push(lane.stop);
    const variables = { ...options.variables, ...lane.variables, PORT: port };
    const desk = keepProcess(variables, ['start'], () => isReady(port));
    desks.push(desk);
    await desk.ready();
  }
  const everyone = [...desks, ...(authority === null ? [] : [authority])];
  return {
    kill(whom, downMs) {
      if (whom === 'all') for (const one of everyone) one.kill(downMs);
      else if (whom === 'authority') authority?.kill(downMs);
      else desks[whom]?.kill(downMs);
    },
    async ready() {
      await Promise.all(everyone.map((one) => one.ready()));
    },
    output: () => everyone.map((one) => one.read()).join('\n'),
    died: () => everyone.flatMap((one) => one.died),
    starts: () => everyone.reduce((sum, one) => sum + one.starts, 0),
    async stop() {
      await Promise.all(desks.map((one) => one.stop()));
      await authority?.stop();
      for (const close of closes) await close();
    },
  };
}

function isReady(port: string): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) }).then(
    (response) => response.status === 200,
    () => false,
  );
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
