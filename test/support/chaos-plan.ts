import { planFaults, type FaultPlan } from './chaos-plan-faults.ts';
import { createRandom, type Random } from './chaos-random.ts';

export type Tool = 'read' | 'draft' | 'event' | 'patch' | 'mail' | 'invite' | 'issue' | 'comment';
export type Decision = 'approve' | 'deny' | 'edit' | 'expire';

/** One call the model will make, told apart from all others by its marker, which stands in its arguments. */
export interface CallPlan {
  readonly marker: string;
  readonly tool: Tool;
  /** What the person does with its card, should there be one. */
  readonly decision: Decision;
  /** Clicks twice, as people do. */
  readonly twice: boolean;
}

/** One message of a person and all that follows from it. */
export interface StoryPlan {
  readonly marker: string;
  readonly user: 'U0ADA' | 'U0BEN';
  readonly place: 'dm' | 'channel';
  /** Calls the model makes at a time. */
  readonly steps: readonly (readonly CallPlan[])[];
  /** `stop`: Slack's Stop button once something is asked; `halt`: `/agentdesk stop`, then `resume`. */
  readonly ending: 'decide' | 'stop' | 'halt';
  /** Says something else in the same thread while the first waits. */
  readonly followUp: boolean;
  /** Milliseconds before the person speaks, and before each click. */
  readonly startMs: number;
  readonly thinkMs: number;
}

/** Which processes there are: `authority` = the authority is one of its own. */
export interface Topology {
  readonly desks: 1 | 2;
  readonly authority: boolean;
}

export interface RunPlan extends FaultPlan {
  readonly seed: number;
  readonly topology: Topology;
  readonly stories: readonly StoryPlan[];
}

const ASKED: readonly Tool[] = ['mail', 'mail', 'invite', 'issue', 'comment'];
const DECISIONS: readonly Decision[] = [
  ...(['approve', 'approve', 'approve', 'approve', 'approve', 'approve'] as const),
  ...(['deny', 'edit', 'expire'] as const),
];

/**
 * Everything that happens in a run, from its seed alone.
 * @param gentle without what takes the program longer than seconds to get over
 */
export function planRun(seed: number, gentle = false): RunPlan {
  const random = createRandom(Math.imul(seed + 1, 0x9e3779b1));
  const topology = { desks: random.chance(0.4) ? 2 : 1, authority: random.chance(0.4) } as const;
  const stories = Array.from({ length: random.between(1, 4) }, (_, index) =>
    planStory(random, `chaos-${seed}-${index + 1}`),
  );
  return { seed, topology, stories, ...planFaults(random, topology, gentle) };
}

function planStory(random: Random, marker: string): StoryPlan {
  let letter = 0;
  const call = (tool: Tool): CallPlan => ({
    marker: `${marker}${String.fromCharCode(97 + letter++)}`,
    tool,
    decision: random.pick(DECISIONS),
    twice: random.chance(0.15),
  });
  const shape = random.next();
  const steps = ((): CallPlan[][] => {
    if (shape < 0.1) return [[call('read')]];
    if (shape < 0.2) return [[call(random.pick(['draft', 'event'] as const))]];
    if (shape < 0.3) return [[call('event')], [call('patch')]];
    if (shape < 0.7) return [[call(random.pick(ASKED))]];
    if (shape < 0.85)
      return [Array.from({ length: random.between(2, 3) }, () => call(random.pick([...ASKED, 'draft'])))];
    return [[call('read'), call('draft')], [call(random.pick(ASKED))]];
  })();
  const end = random.next();
  return {
    marker,
    user: random.pick(['U0ADA', 'U0BEN']),
    place: random.chance(0.2) ? 'channel' : 'dm',
    steps,
    ending: end < 0.07 ? 'stop' : end < 0.1 ? 'halt' : 'decide',
    followUp: random.chance(0.12),
    startMs: random.between(0, 600),
    thinkMs: random.between(0, 400),
  };
}
