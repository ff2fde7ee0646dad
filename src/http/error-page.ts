import { randomUUID } from 'node:crypto';
import { DeskError, userMessage, type ErrorCode } from '../errors.ts';
import { describeError, type Log } from '../telemetry.ts';
import { html } from './html.ts';
import { replyPage } from './page.ts';
import { replyJson, type Reply } from './reply.ts';

/** Any other error is ours: 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  connect_expired: 410,
  connect_used: 410,
  connect_stale: 410,
  connect_elsewhere: 403,
  connect_under_way: 409,
  connect_try_again: 503,
  connect_identity: 403,
  connect_failed: 502,
  link_unproved: 403,
  link_taken: 403,
  link_missing: 403,
  link_renew: 403,
  vault_unreachable: 502,
  vault_misconfigured: 502,
  vault_answer_unusable: 502,
  slack_unreachable: 502,
  strong_unavailable: 503,
  strong_expired: 410,
  strong_late: 410,
  strong_refused: 403,
  factor_missing: 403,
  factor_waiting: 403,
  factor_unknown: 410,
  approval_invalid: 409,
};

/** The page for an error; one that is not a DeskError is logged under a reference and not described. */
export function answerError(log: Log, route: string, error: unknown): Reply {
  const { status, text } = describeFailure(log, route, error);
  if (error instanceof DeskError && error.code === 'connect_under_way')
    return replyPage({ status, title: 'Almost done', body: html`<p>${text}</p>` });
  return answerProblem(status, text);
}

/** The same for a script of ours. */
export function answerJsonError(log: Log, route: string, error: unknown): Reply {
  const { status, text } = describeFailure(log, route, error);
  return replyJson(status, { problem: text });
}

function describeFailure(log: Log, route: string, error: unknown): { status: number; text: string } {
  if (error instanceof DeskError) {
    const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
    log.info({ route, code: error.code, ...cause }, 'http refused');
    return { status: STATUS[error.code] ?? 500, text: userMessage(error) };
  }
  const reference = randomUUID().slice(0, 8);
  log.error({ route, reference, error: describeError(error) }, 'http failed');
  return { status: 500, text: userMessage(error, reference) };
}

/** @param text what happened and what to do next */
export function answerProblem(status: number, text: string): Reply {
  return replyPage({
    status,
    title: 'That did not work',
    body: html`<p>${text}</p>
      <p><small>You can close this window.</small></p>`,
  });
}

export function answerNotFound(): Reply {
  return replyPage({
    status: 404,
    title: 'There is nothing here',
    body: html`<p>AgentDesk works in Slack. Open it there, and use the links it sends you.</p>`,
  });
}
