import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEffects } from './chaos-count.ts';
import { readGivenUp } from './chaos-look.ts';
import type { RunPlan } from './chaos-plan.ts';
import type { ChaosPostgres } from './chaos-postgres.ts';
import type { Report } from './chaos-report.ts';
import { beginCourse, comeToRest, runOnce, type Course } from './chaos-run.ts';
import { findDoublePosts } from './chaos-slack.ts';
import { redeliverLost } from './chaos-trouble.ts';
import { judgeStory } from './chaos-verdict.ts';
import { openWorld } from './chaos-world.ts';

/** Milliseconds for everything to settle in the end: a killed attempt is read back for a minute before it is let go. */
const SETTLE_MS = 200_000;
/** Credentials of the stand-ins, and tokens of the authority. */
const SECRETS =
  /ya29\.[\w-]{10}|\b1\/\/[\w-]{10}|gh[opsur]_[A-Za-z0-9]{10}|xox[bep]-[\w-]{8}|xapp-[\w-]{8}|eyJ[\w-]{15}|sk-chaos-\d/g;

/** Runs that share their processes, one after the other, on a database of their own. */
export async function runBatch(
  cluster: ChaosPostgres,
  name: string,
  plans: readonly RunPlan[],
  report: Report,
  approvalSeconds: number,
  enough?: AbortSignal,
): Promise<void> {
  const [first] = plans;
  if (first === undefined) return;
  const world = await openWorld(cluster, name, first.topology, approvalSeconds);
  const course = beginCourse(world);
  const before = report.problems();
  try {
    for (const plan of plans) {
      if (enough?.aborted === true) break;
      const started = Date.now();
      const { happened, stories } = await runOnce(course, plan);
      const settled = await judgeSettled(course, report);
      const left = stories.filter((story) => !settled.includes(story)).length;
      report.ran(plan, happened, Date.now() - started, left);
      for (const double of report.fresh(findDoublePosts(world.outside))) {
        report.problem(plan.seed, { kind: 'double', text: `posted twice: ${double}` });
      }
    }
    await settle(course, report, name, before);
  } finally {
    for (const story of course.stories) story.over = true;
    report.processes(world.fleet.starts());
    await world.stop();
  }
}

/** Judges the stories that are at rest, and takes them off the list. */
async function judgeSettled(course: Course, report: Report, ms = 0): Promise<Course['stories']> {
  const { world } = course;
  const busy = await comeToRest(world, course.stories, ms);
  const settled = course.stories.filter((story) => !busy.includes(story));
  const effects = readEffects(world.outside);
  for (const story of settled) {
    report.verdict(story, await judgeStory(world, story, effects));
    story.over = true;
  }
  course.stories.splice(0, course.stories.length, ...busy);
  return settled;
}

/** The end of a batch: everything is well, and everything has to come to rest. */
async function settle(course: Course, report: Report, name: string, before: number): Promise<void> {
  const { world, redelivered } = course;
  report.waiting(course.stories.length);
  await world.fleet.ready();
  redeliverLost(world, redelivered);
  await judgeSettled(course, report, SETTLE_MS);
  const effects = readEffects(world.outside);
  for (const story of course.stories) {
    report.verdict(story, await judgeStory(world, story, effects));
    story.over = true;
  }
  await Promise.all(course.plays);
  for (const double of report.fresh(findDoublePosts(world.outside)))
    report.problem(null, { kind: 'double', text: `posted twice: ${double}` });
  for (const text of await readGivenUp(world.sql))
    report.problem(null, { kind: 'lost', text: `a message was given up: ${text}` });
  for (const text of world.fleet.died()) report.problem(null, { kind: 'died', text });
  const output = world.fleet.output();
  for (const { 0: found, index } of output.matchAll(SECRETS)) {
    const place = output.slice(Math.max(0, index - 80), index);
    report.problem(null, { kind: 'secret', text: `a log shows ${found.slice(0, 8)}… after ${place}` });
  }
  for (const error of course.errors) report.problem(null, { kind: 'harness', text: String(error) });
  if (report.problems() > before) {
    const file = join(tmpdir(), `agentdesk-chaos-${process.pid}-${name}.log`);
    writeFileSync(file, output, { mode: 0o600 });
    report.note(`what the program wrote: ${file}`);
  }
  for (const { method, error, detail } of world.outside.slack.violations())
    if (method !== 'event') report.note(`Slack refused ${method}: ${error} ${detail}`);
}
