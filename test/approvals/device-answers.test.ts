import { describe, expect, it } from 'vitest';
import { readAskFailure, readPollFailure } from '../../src/approvals/strong/tenant/answers.ts';

const NOW = new Date('2026-11-24T12:00:00Z');

/** An error as the client throws it. */
const failure = (
  status: number | undefined,
  error?: string,
  description = '',
  headers: Record<string, string> = {},
) => ({
  cause: { error, error_description: description },
  statusCode: status,
  headers: status === undefined ? undefined : new Headers(headers),
});

describe('a refusal of /bc-authorize', () => {
  it.each([
    [400, 'invalid_request', 'User does not have push notifications', 'device_not_enrolled'],
    [400, 'invalid_request', '', 'device_not_enrolled'],
    [400, 'unknown_user_id', '', 'device_not_enrolled'],
    [403, 'access_denied', 'no factor', 'device_not_enrolled'],
    [400, 'invalid_request', 'binding_message is too long', 'vault_misconfigured'],
    [400, 'invalid_binding_message', '', 'vault_misconfigured'],
    [401, 'invalid_client', '', 'vault_misconfigured'],
    [403, 'unauthorized_client', 'Grant type not allowed for the client', 'vault_misconfigured'],
    [429, 'too_many_requests', '', 'device_busy'],
    [503, undefined, '', 'vault_unreachable'],
    [400, undefined, '', 'vault_unreachable'],
    [undefined, undefined, '', 'vault_unreachable'],
  ] as const)('%s %s %j is %s', (status, error, description, code) => {
    expect(readAskFailure(failure(status, error, description), NOW)).toMatchObject({ code });
  });

  it('tells nobody what the tenant said beyond its code', () => {
    const said = readAskFailure(failure(400, 'Weird <b>', 'ben@acme.test'), NOW);
    expect(JSON.stringify(said)).not.toMatch(/ben@|<b>/);
  });
});

describe('an answer to a poll', () => {
  it.each([
    [400, 'authorization_pending', { kind: 'pending' }],
    [400, 'access_denied', { kind: 'denied' }],
    [403, 'access_denied', { kind: 'denied' }],
    [400, 'expired_token', { kind: 'expired' }],
    [400, 'invalid_grant', { kind: 'spent' }],
    [429, 'slow_down', { kind: 'slow_down', seconds: null }],
    [429, 'too_many_requests', { kind: 'later', code: 'device_busy' }],
    [500, 'server_error', { kind: 'later', code: 'vault_unreachable' }],
    [undefined, undefined, { kind: 'later', code: 'vault_unreachable' }],
    [401, 'invalid_client', { kind: 'refused', code: 'vault_misconfigured' }],
    [400, 'invalid_request', { kind: 'refused', code: 'device_not_enrolled' }],
  ] as const)('%s %s', (status, error, expected) => {
    expect(readPollFailure(failure(status, error), NOW)).toMatchObject(expected);
  });

  it.each([
    [{ 'retry-after': '10' }, 10],
    [{ 'retry-after': 'Tue, 24 Nov 2026 12:00:30 GMT' }, 30],
    [{ 'x-ratelimit-reset': String(NOW.getTime() / 1000 + 45) }, 45],
    [{ 'retry-after': '0' }, 1],
    [{ 'retry-after': '999999' }, 600],
    [{ 'retry-after': 'soon' }, null],
    [{}, null],
  ] as const)('waits as %j says', (headers, seconds) => {
    expect(readPollFailure(failure(400, 'slow_down', '', { ...headers }), NOW)).toEqual({
      kind: 'slow_down',
      seconds,
    });
  });
});
