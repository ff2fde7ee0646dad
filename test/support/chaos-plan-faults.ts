import type { Random } from './chaos-random.ts';

/** Where in a request's way something happens: it arrives; it was carried out; it was answered. */
export type Phase = 'before' | 'acted' | 'answered';

/** What happens to a request on the wire. */
export type Action =
  /** SIGKILL to the process that sent it. `lateMs`: the far side carries it out all the same, later. */
  | { readonly do: 'kill'; readonly lateMs?: number }
  /** The connection breaks. */
  | { readonly do: 'cut' }
  /** The connection breaks, and the far side carries it out later. */
  | { readonly do: 'late'; readonly ms: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'status'; readonly status: number; readonly retryAfter?: number }
  /** An event is delivered once more, that much later. */
  | { readonly do: 'again'; readonly ms: number };

export interface WireFault {
  /** Kind of request, as the wires name it. */
  readonly what: string;
  readonly phase: Phase;
  /** Which one of that kind, counted from 1. */
  readonly nth: number;
  readonly times: number;
  readonly action: Action;
}

/** A kill that no request brings about. */
export type Kill =
  | { readonly at: 'time'; readonly ms: number; readonly whom: number | 'authority' | 'all' }
  /** The first call of the run that is seen in a state. */
  | { readonly at: 'pending' | 'approved' | 'executing' | 'done'; readonly whom: number | 'all' };

export interface FaultPlan {
  readonly wire: readonly WireFault[];
  readonly kills: readonly Kill[];
  /** Milliseconds a killed process stays away. */
  readonly downMs: number;
  /** PostgreSQL is stopped at once, without goodbye, and started again. */
  readonly databaseMs: number | null;
  /** Slack cuts or renews its sockets. */
  readonly sockets: { readonly ms: number; readonly abrupt: boolean } | null;
  /** Access tokens run out in the middle. */
  readonly tokensMs: number | null;
}

const KILL_POINTS: readonly (readonly [what: string, phases: readonly Phase[]])[] = [
  ['provider.write', ['before', 'acted', 'answered']],
  ['provider.write', ['before', 'acted', 'answered']],
  ['provider.read', ['before', 'acted']],
  ['provider.token', ['acted']],
  ['slack.chat.postMessage', ['before', 'acted', 'answered']],
  ['slack.chat.update', ['before', 'acted', 'answered']],
  ['slack.click', ['before', 'acted', 'answered']],
  ['slack.event', ['before', 'acted', 'answered']],
  ['authority.bc-authorize', ['before', 'acted', 'answered']],
  ['authority.token', ['before', 'acted', 'answered']],
  ['model.ask', ['before', 'acted', 'answered']],
];

/** Kills after which a call need not be read back for a minute, and its job is not missed for long. */
const GENTLE_POINTS = KILL_POINTS.filter(([what]) => what === 'slack.chat.update');

const STATES = ['pending', 'approved', 'executing', 'done'] as const;

export function planFaults(
  random: Random,
  { desks, authority }: { desks: number; authority: boolean },
  gentle: boolean,
): FaultPlan {
  const wire = Array.from({ length: random.between(0, 3) }, () => planWireFault(random));
  const kills: Kill[] = [];
  const fatal = random.next();
  const someone = (): number | 'all' => (random.chance(0.3) ? 'all' : random.between(0, desks - 1));
  if (fatal < 0.3) wire.push(planWireKill(random, authority, gentle));
  else if (fatal < 0.4 && !gentle) kills.push({ at: random.pick(STATES), whom: someone() });
  else if (fatal < 0.48 && !gentle)
    kills.push({
      at: 'time',
      ms: random.between(50, 2500),
      whom: authority && random.chance(0.4) ? 'authority' : someone(),
    });
  return {
    wire,
    kills,
    downMs: random.between(0, 800),
    databaseMs: random.chance(gentle ? 0 : 0.05) ? random.between(100, 2000) : null,
    sockets: random.chance(0.15) ? { ms: random.between(100, 1500), abrupt: random.chance(0.5) } : null,
    tokensMs: random.chance(0.1) ? random.between(100, 1500) : null,
  };
}

function planWireKill(random: Random, authority: boolean, gentle: boolean): WireFault {
  const points = gentle ? GENTLE_POINTS : KILL_POINTS;
  const [what, phases] = random.pick(points.filter(([name]) => authority || !name.startsWith('authority')));
  const phase = random.pick(phases);
  const late = what === 'provider.write' && phase === 'before' && random.chance(0.4);
  return {
    what,
    phase,
    nth: random.between(1, 2),
    times: 1,
    action: { do: 'kill', ...(late ? { lateMs: random.between(500, 4000) } : {}) },
  };
}

/** Something goes wrong between the program and the far side. */
function planWireFault(random: Random): WireFault {
  const fault = (what: string, phase: Phase, action: Action, times = 1): WireFault => ({
    what,
    phase,
    nth: random.between(1, 2),
    times,
    action,
  });
  const provider = random.pick(['provider.write', 'provider.write', 'provider.read']);
  const slack = random.pick(['slack.chat.postMessage', 'slack.chat.update']);
  const ms = random.between(50, 1500);
  return random.pick([
    () => fault(provider, 'acted', { do: 'cut' }),
    () => fault(provider, 'before', { do: 'cut' }),
    () => fault('provider.write', 'before', { do: 'late', ms }),
    () => fault(provider, 'acted', { do: 'wait', ms }),
    () => fault(provider, 'acted', { do: 'status', status: 502 }),
    () => fault(provider, 'before', { do: 'status', status: 503 }, random.between(1, 3)),
    () => fault(provider, 'before', { do: 'status', status: 429, retryAfter: random.between(1, 2) }),
    () => fault(provider, 'before', { do: 'status', status: 401 }),
    () => fault(slack, 'acted', { do: 'cut' }),
    () => fault(slack, 'before', { do: 'cut' }),
    () => fault(slack, 'acted', { do: 'status', status: 500 }),
    () => fault(slack, 'before', { do: 'status', status: 429, retryAfter: 1 }, random.between(1, 2)),
    () => fault('slack.users.info', 'before', { do: 'status', status: 500 }),
    () => fault('slack.conversations.replies', 'before', { do: 'status', status: 500 }),
    () => fault('slack.event', 'before', { do: 'again', ms }),
    () => fault('slack.event', 'answered', { do: 'again', ms }),
    () => fault('slack.event', 'before', { do: 'wait', ms }),
    () => fault('slack.click', 'before', { do: 'wait', ms }),
    () => fault('slack.event', 'acted', { do: 'cut' }),
    () => fault('model.ask', 'before', { do: 'status', status: 503 }),
    () => fault('model.ask', 'acted', { do: 'wait', ms }),
    () => fault('authority.token', 'acted', { do: 'cut' }),
    () => fault('authority.bc-authorize', 'acted', { do: 'cut' }),
  ])();
}
