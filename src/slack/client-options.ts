import type { Logger, webApi } from '@slack/bolt';
import type { Telemetry } from '../telemetry-types.ts';

/** Milliseconds a call to Slack may take. */
const TIMEOUT_MS = 10_000;

/**
 * How every WebClient is made, a fresh object each time. Never with `headers`: Bolt shares that object between
 * workspaces and the token of one goes out with another's calls. No retries: a lost answer to a post would
 * repeat it; the outbox looks first. Rate limits are ours to wait for, so they are rejected.
 */
export function createClientOptions(
  apiUrl: string,
  logger: Logger,
  telemetry: Telemetry,
): webApi.WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    timeout: TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger,
    async fetch(url, init) {
      let status: number | null = null;
      try {
        const answer = await fetch(url, init);
        status = answer.status;
        return answer;
      } finally {
        telemetry.countSlackAnswer(status);
      }
    },
  };
}
