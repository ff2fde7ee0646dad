import { setTimeout as sleep } from 'node:timers/promises';
import { isQuiet, readOpen } from './chaos-look.ts';
import { playStory } from './chaos-person.ts';
import type { RunPlan } from './chaos-plan.ts';
import { beginStory, type Story } from './chaos-story.ts';
import { makeTrouble, redeliverLost } from './chaos-trouble.ts';
import type { World } from './chaos-world.ts';

/** Milliseconds in which things go wrong, at most; then all is well again. */
const TROUBLE_MS = 3500;
/** Milliseconds to come to rest after that. What takes longer is looked at later, while other runs go on. */
const REST_MS = 2500;

export interface Ran {
  readonly stories: readonly Story[];
  /** What went wrong, in words. */
  readonly happened: readonly string[];
}

/** What all runs in one world share. */
export interface Course {
  readonly world: World;
  /** Of all runs so far. */
  readonly stories: Story[];
  readonly plays: Promise<void>[];
  readonly redelivered: Set<string>;
  /** Failures of the harness itself. */
  readonly errors: unknown[];
}

export function beginCourse(world: World): Course {
  return { world, stories: [], plays: [], redelivered: new Set(), errors: [] };
}

/** One run: people tell their stories while things go wrong, then all is well and it comes to rest. */
export async function runOnce(course: Course, plan: RunPlan): Promise<Ran> {
  const { world } = course;
  const stories = plan.stories.map((story) => beginStory(plan.seed, story));
  for (const story of plan.stories) world.model.learn(story);
  course.stories.push(...stories);
  world.downMs = plan.downMs;
  world.traffic.arm(plan.wire);
  const calledOff = new AbortController();
  const trouble = makeTrouble(world, plan, calledOff.signal);
  const plays = stories.map((story) =>
    playStory(world, story, course.stories).catch((error: unknown) => void course.errors.push(error)),
  );
  course.plays.push(...plays);
  await Promise.race([Promise.all([...plays, trouble]), sleep(TROUBLE_MS)]);
  calledOff.abort();
  const happened = [...world.traffic.happened(), ...(await trouble)];
  world.traffic.disarm();
  await world.fleet.ready();
  redeliverLost(world, course.redelivered);
  await comeToRest(world, stories, REST_MS);
  return { stories, happened };
}

/** Waits until nothing of these stories is under way. @returns those that are not there in time */
export async function comeToRest(world: World, stories: readonly Story[], ms: number): Promise<Story[]> {
  const deadline = Date.now() + ms;
  for (;;) {
    const busy: Story[] = [];
    for (const story of stories) if (!(await isAtRest(world, story))) busy.push(story);
    if (busy.length === 0 || Date.now() > deadline) return busy;
    await sleep(150);
  }
}

async function isAtRest({ sql }: World, { thread }: Story): Promise<boolean> {
  if (thread === null) return false;
  const turns = await sql`select 1 from agentdesk.turns where thread_ts = ${thread}`;
  if (turns.length === 0 || !isQuiet(await readOpen(sql, thread))) return false;
  const unknown = await sql`
    select 1 from agentdesk.calls c join agentdesk.turns t on t.id = c.turn_id
    where t.thread_ts = ${thread} and c.status = 'unknown'`;
  return unknown.length === 0;
}
