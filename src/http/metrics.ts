import { showsToken } from './bearer.ts';
import { answerNotFound } from './error-page.ts';
import type { HttpDoorOptions } from './options.ts';
import type { Reply } from './reply.ts';
import type { Visit } from './router.ts';

/**
 * Prometheus's page. With a token whoever knows it may read, from anywhere; without one only this machine, asked for
 * directly: neither through a proxy nor by a name that a web page could have pointed here.
 */
export async function answerMetrics(door: HttpDoorOptions, { caller }: Visit): Promise<Reply> {
  if (door.metrics === null) return answerNotFound();
  const { read, token } = door.metrics;
  if (token === null && !caller.isHere) {
    return refuse(
      403,
      'Metrics are for this machine only. Set AGENTDESK_METRICS_TOKEN to read them from elsewhere.',
    );
  }
  if (token !== null && !showsToken(caller.authorization, token)) {
    const body = 'Metrics need the token: send "Authorization: Bearer" with AGENTDESK_METRICS_TOKEN.';
    return { ...refuse(401, body), challenge: 'Bearer' };
  }
  const { contentType, body } = await read();
  return { status: 200, type: contentType, body };
}

function refuse(status: number, sentence: string): Reply {
  return { status, type: 'text/plain; charset=utf-8', body: `${sentence}\n` };
}
