import { z } from 'zod';
import type { Answer } from '../../approvals/strong/step.ts';
import { DeskError } from '../../errors.ts';
import { answerJsonError } from '../error-page.ts';
import type { HttpDoorOptions } from '../options.ts';
import { replyJson, type Reply } from '../reply.ts';
import type { Visit } from '../router.ts';

const body = z.object({ challenge: z.string().max(64), credential: z.unknown() });

/** What the page's script sent. @throws DeskError `strong_refused` */
export function readAnswer({ json }: Visit): Answer {
  const parsed = body.safeParse(parseJson(needJson(json)));
  if (!parsed.success)
    throw new DeskError('strong_refused', { problem: 'The browser sent no usable answer' });
  return parsed.data;
}

/** A form of another site can post, but it cannot say that it sends JSON. */
export function needJson(json: string | null): string {
  if (json === null) throw new DeskError('strong_refused', { problem: 'That was not sent by our page' });
  return json;
}

/** Answers a script: what `work` comes to, or the sentence of what went wrong. */
export async function answerSteps(
  door: HttpDoorOptions,
  route: string,
  work: () => Promise<{ step: unknown; cookie?: string }>,
): Promise<Reply> {
  try {
    const { step, cookie } = await work();
    return { ...replyJson(200, step), ...(cookie === undefined ? {} : { cookie }) };
  } catch (error) {
    return answerJsonError(door.log, route, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
