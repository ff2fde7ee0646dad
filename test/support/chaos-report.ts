import type { RunPlan, StoryPlan } from './chaos-plan.ts';
import type { Story } from './chaos-story.ts';
import type { End, ProblemKind, Verdict } from './chaos-verdict.ts';

type AnyProblem = ProblemKind | 'double' | 'died' | 'secret' | 'harness';

export interface Report {
  ran(plan: RunPlan, happened: readonly string[], ms: number, left: number): void;
  verdict(story: Story, verdict: Verdict): void;
  /** @param seed null when it cannot be told which run it was */
  problem(seed: number | null, problem: { readonly kind: AnyProblem; readonly text: string }): void;
  note(text: string): void;
  waiting(stories: number): void;
  processes(starts: number): void;
  /** Those not seen before. */
  fresh(texts: readonly string[]): string[];
  /** So far. */
  problems(): number;
  /** Prints the table. @returns how many problems there were */
  finish(): number;
}

const ENDS: readonly End[] = [
  'done',
  'denied',
  'expired',
  'stopped',
  'unknown',
  'told not done',
  'never made',
];
const KINDS: readonly AnyProblem[] = [
  ...(['duplicate', 'lost', 'unapproved', 'stuck', 'unsettled', 'unheard'] as const),
  ...(['double', 'died', 'secret', 'harness'] as const),
];

/** Says what happens as it happens, and adds it up. */
export function createReport(write: (line: string) => void): Report {
  const began = Date.now();
  const ends = new Map<string, number>();
  const problems = new Map<string, number>();
  const seeds = new Set<number>();
  const seen = new Set<string>();
  let [runs, stories, starts, spent, kills] = [0, 0, 0, 0, 0];
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
  const addUp = (): number => [...problems.values()].reduce((sum, one) => sum + one, 0);
  const problem: Report['problem'] = (seed, { kind, text }) => {
    count(problems, kind);
    if (seed !== null) seeds.add(seed);
    write(`  ${kind.toUpperCase()}${seed === null ? '' : ` seed ${seed}`}: ${text}`);
  };
  return {
    problem,
    problems: addUp,
    note: (text) => write(`  ${text}`),
    waiting: (left) => write(`  … ${left} stories still have to settle`),
    processes: (count) => void (starts += count),
    fresh: (texts) => texts.filter((text) => !seen.has(text) && seen.add(text)),
    ran(plan, happened, ms, left) {
      runs += 1;
      spent += ms;
      kills += happened.filter((what) => what.startsWith('kill')).length;
      const { desks, authority } = plan.topology;
      const where = `${desks === 1 ? '1 process' : '2 processes'}${authority ? ' + authority' : ''}`;
      const result = left === 0 ? 'settled' : `${left} of ${plan.stories.length} still settling`;
      write(
        `run ${runs} seed ${plan.seed} (${where}): ${plan.stories.map(describeStory).join(', ')} | ` +
          `${happened.length === 0 ? 'nothing goes wrong' : happened.join(', ')} | ${result} | ${(ms / 1000).toFixed(1)} s`,
      );
    },
    verdict(story, verdict) {
      stories += 1;
      for (const end of verdict.ends) count(ends, end);
      for (const one of verdict.problems) problem(story.seed, one);
    },
    finish() {
      const seconds = (Date.now() - began) / 1000;
      const row = (name: string, value: string | number): void => write(`${name.padEnd(24)}${value}`);
      write('');
      row('runs', runs);
      row('stories', stories);
      for (const end of ENDS) row(`calls ${end}`, ends.get(end) ?? 0);
      row('kills', kills);
      row('process starts', starts);
      for (const kind of KINDS) row(NAMES[kind], problems.get(kind) ?? 0);
      row(
        'seconds a run',
        `${(spent / 1000 / Math.max(1, runs)).toFixed(1)} (${(seconds / Math.max(1, runs)).toFixed(1)} with starting and settling)`,
      );
      row('seconds in all', Math.round(seconds));
      if (seeds.size > 0)
        write(`Again: ${[...seeds].map((seed) => `npm run chaos -- --runs 1 --seed ${seed}`).join('; ')}`);
      return addUp();
    },
  };
}

const NAMES: Readonly<Record<AnyProblem, string>> = {
  duplicate: 'duplicates',
  lost: 'lost',
  unapproved: 'unapproved effects',
  stuck: 'stuck',
  unsettled: 'unknown, not settled',
  unheard: 'clicks forgotten',
  double: 'posted twice',
  died: 'processes died',
  secret: 'secrets in logs',
  harness: 'harness errors',
};

function describeStory({ steps, ending, followUp, place }: StoryPlan): string {
  const calls = steps.map((step) =>
    step.map(({ tool, decision }) => (tool === 'read' ? tool : `${tool}:${decision}`)).join('+'),
  );
  const marks = [
    place === 'channel' ? '#' : '',
    ending === 'decide' ? '' : ` ${ending}`,
    followUp ? ' …' : '',
  ];
  return `${marks[0]}${calls.join('→')}${marks[1]}${marks[2]}`;
}
