import { webApi } from '@slack/bolt';

/** Whether Slack answered with one of these error codes. */
export function isSlackError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof webApi.WebAPIPlatformError && codes.includes(error.data.error);
}

/** Slack's own code of a refusal, or null when the call failed otherwise. */
export function readSlackCode(error: unknown): string | null {
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : null;
}
