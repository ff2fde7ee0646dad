import { setImmediate } from 'node:timers/promises';
import type { Config } from '../config-types.ts';

/** By size: each takes a few tenths of a second at most. What they have in common is loaded by the first. */
const PARTS: readonly (() => Promise<unknown>)[] = [
  () => import('../db/drizzle.ts'),
  () => import('../db/jobs.ts'),
  () => import('../actions/catalog.ts'),
  () => import('../audit/event.ts'),
  () => import('../authority/authority.ts'),
  () => import('../http/door.ts'),
  () => import('../slack/clients.ts'),
  () => import('../slack/register.ts'),
  () => import('../slack/app.ts'),
];

/**
 * Loads the program bit by bit and lets the event loop turn in between. Loading keeps the process busy without a pause,
 * and PostgreSQL, which starts meanwhile, needs it for a moment now and then.
 */
export async function loadParts(config: Config): Promise<typeof import('./start.ts')> {
  for (const load of PARTS) {
    await load();
    await setImmediate();
  }
  if (config.slack === null) await import('./sandbox.ts');
  await setImmediate();
  return await import('./start.ts');
}
