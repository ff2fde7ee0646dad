import { describeError } from '../telemetry.ts';
import type { HttpDoorOptions } from './options.ts';
import { replyJson, type Reply } from './reply.ts';

const READINESS_MS = 5000;

/** Alive: the process answers. */
export function answerHealth(): Reply {
  return replyJson(200, { status: 'alive' });
}

/** Ready: everything it needs answers, within five seconds. */
export async function answerReadiness(door: HttpDoorOptions): Promise<Reply> {
  const missing = await checkReadiness(door);
  return missing.length === 0
    ? replyJson(200, { status: 'ready' })
    : replyJson(503, { status: 'not ready', missing });
}

async function checkReadiness(door: HttpDoorOptions): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(resolve, READINESS_MS, ['an answer in time']);
  });
  try {
    return await Promise.race([door.readiness(), late]);
  } catch (error) {
    door.log.error({ error: describeError(error) }, 'readiness check failed');
    return ['the readiness check'];
  } finally {
    clearTimeout(timer);
  }
}
