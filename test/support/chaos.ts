import { runBatch } from './chaos-batch.ts';
import { planRun, type RunPlan } from './chaos-plan.ts';
import { startChaosPostgres } from './chaos-postgres.ts';
import { createReport } from './chaos-report.ts';

/** Runs that share a database and its processes. */
const BATCH = 50;
/** Long enough for a click after a restart on a busy machine; what expires settles while other runs go on. */
const APPROVAL_SECONDS = 60;

/**
 * Plays `runs` random runs and counts. Run number n of seed s is the only run of seed s + n, so each can be played
 * again by itself.
 * @param options.gentle without what takes the program long to get over: for a short check
 * @returns how many problems were found
 */
export async function runChaos(options: {
  readonly runs: number;
  readonly seed: number;
  readonly write: (line: string) => void;
  readonly gentle?: boolean;
  /** Ends it early: the run under way is finished, everything is settled and put away. */
  readonly enough?: AbortSignal;
}): Promise<number> {
  const { runs, seed, write, gentle = false } = options;
  const report = createReport(write);
  const plans = Array.from({ length: runs }, (_, index) => planRun(seed + index, gentle));
  const cluster = await startChaosPostgres();
  try {
    let number = 0;
    for (const batch of sortByTopology(plans, gentle)) {
      if (options.enough?.aborted === true) break;
      number += 1;
      await runBatch(
        cluster,
        `chaos_${number}`,
        batch,
        report,
        gentle ? 8 : APPROVAL_SECONDS,
        options.enough,
      );
    }
  } finally {
    await cluster.stop();
  }
  return report.finish();
}

/** Those with the same processes together; all together for a short check. */
function sortByTopology(plans: readonly RunPlan[], gentle: boolean): RunPlan[][] {
  const groups = new Map<string, RunPlan[][]>();
  for (const plan of plans) {
    const key = gentle ? '' : JSON.stringify(plan.topology);
    const batches = groups.get(key) ?? [[]];
    groups.set(key, batches);
    if ((batches.at(-1)?.length ?? 0) >= BATCH) batches.push([]);
    batches.at(-1)?.push(plan);
  }
  return [...groups.values()].flat();
}
