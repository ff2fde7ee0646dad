import { passSockets } from './chaos-socket.ts';
import type { Traffic, Whom } from './chaos-traffic.ts';
import { createWire, type Wire } from './chaos-wire.ts';

/** The addresses of the far sides. */
export interface FarSides {
  readonly slack: string;
  readonly google: string;
  readonly github: string;
  readonly model: string;
  readonly authority: string | null;
}

export interface Lane {
  /** The variables that point a process at its own wires. */
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** The wires to the providers. */
export interface ProviderWires {
  readonly google: Wire;
  readonly github: Wire;
}

/** @param sender who sends requests of a kind through them */
export async function openProviders(
  far: FarSides,
  sender: (what: string) => Whom,
  traffic: Traffic,
): Promise<ProviderWires> {
  const [google, github] = await Promise.all(
    [far.google, far.github].map((target) => createWire({ target, sender, traffic, name: nameProvider })),
  );
  if (google === undefined || github === undefined) throw new Error('no wires to the providers');
  return { google, github };
}

/** Wires of one desk's own, so that it is known who sent what. */
export async function openLane(
  far: FarSides,
  process: number,
  providers: ProviderWires,
  traffic: Traffic,
): Promise<Lane> {
  const sender = (): Whom => process;
  const [slack, model] = await Promise.all([
    createWire({ target: far.slack, sender, traffic, name: nameSlack, rewrite: rewriteSocket }),
    createWire({ target: new URL(far.model).origin, sender, traffic, name: () => 'model.ask' }),
  ]);
  const authority =
    far.authority === null
      ? null
      : await createWire({ target: far.authority, sender, traffic, name: nameAuthority });
  const closeSockets = passSockets(slack.server, far.slack, process, traffic);
  return {
    variables: {
      SLACK_API_URL: `${slack.origin}/api/`,
      ...pointAt(providers),
      OPENAI_BASE_URL: `${model.origin}/v1`,
      ...(authority === null ? {} : { AGENTDESK_AUTHORITY_URL: authority.origin }),
    },
    async stop() {
      closeSockets();
      for (const one of [slack, model, authority]) await one?.stop();
    },
  };
}

export function pointAt({ google, github }: ProviderWires): {
  GOOGLE_API_URL: string;
  GITHUB_API_URL: string;
} {
  return { GOOGLE_API_URL: google.origin, GITHUB_API_URL: github.origin };
}

const nameSlack = (_: string, path: string): string => `slack.${path.replace('/api/', '')}`;

function nameProvider(method: string, path: string): string {
  if (/\/(token|revoke|access_token)$/.test(path)) return 'provider.token';
  return method === 'GET' ? 'provider.read' : 'provider.write';
}

const nameAuthority = (_: string, path: string): string =>
  `authority.${path.slice(path.lastIndexOf('/') + 1)}`;

/** Socket Mode addresses are given in an answer; the sockets go through the wire as well. */
function rewriteSocket(path: string, text: string, origin: string): string {
  if (!path.endsWith('/apps.connections.open')) return text;
  return text.replace(/wss?:\/\/127\.0\.0\.1:\d+/, origin.replace('http', 'ws'));
}
