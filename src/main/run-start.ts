import { openGround } from './ground.ts';
import type { Invocation } from './invocation.ts';
import { loadParts } from './parts.ts';
import { untilSignal } from './signals.ts';
import { isKnownSlackRejection } from '../slack/receivers/known-rejection.ts';

/** `agentdesk start`: runs until SIGTERM or SIGINT, then drains and hands the rest over. */
export async function runStart({ config, secrets, log }: Invocation): Promise<number> {
  process.on('unhandledRejection', (error) => {
    if (!isKnownSlackRejection(error)) throw error;
    log.warn({ err: error }, 'the Slack client dropped a promise (a known defect of its version)');
  });
  // Listened for before anything is opened: a signal during the start must not tear the program down half open.
  const signalled = untilSignal();
  const { promise: waiting, resolve: begin } = Promise.withResolvers<void>();
  const opening = openGround(config, secrets, log, begin);
  opening.then(
    () => begin(),
    () => begin(),
  );
  // Loading leaves the event loop few turns, so that it is begun when PostgreSQL is at work by itself.
  await waiting;
  const [opened, loaded] = await Promise.allSettled([opening, loadParts(config)]);
  if (opened.status === 'rejected') throw opened.reason;
  if (loaded.status === 'rejected') {
    await opened.value.database.stop();
    throw loaded.reason;
  }
  const program = await loaded.value.startProgram(config, secrets, log, opened.value);
  const signal = await signalled;
  log.info({ signal }, 'stopping: work under way is finished, the rest is handed over');
  await program.stop();
  return 0;
}
