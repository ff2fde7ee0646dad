import type { Approval } from './deps.ts';
import type { Presentation } from './presentation.ts';

/** Characters of a value that a second device shows. */
const MOST = 500;

/**
 * What is approved, as authorization details (RFC 9396): the digest that the token has to carry, and what a device shows,
 * in the one schema that Auth0's app renders (`properties.{x}.{display,name,display_order,value}`).
 * https://auth0.com/docs: Configure Rich Authorization Requests
 */
export function describeDetails(
  approval: Pick<Approval, 'kind' | 'digest' | 'code' | 'presentation'>,
): Record<string, unknown> & { type: string } {
  const { title, line, targets, account } = approval.presentation as Presentation;
  const entries: [string, string, string][] = [
    ['action', 'Action', title],
    ['target', 'To', targets.map((target) => target.value).join(', ')],
    ['subject', 'What', line],
    ['account', 'Account', account],
    ['code', 'Code', approval.code],
  ];
  return {
    type: `agentdesk_${approval.kind}`,
    approval_digest: approval.digest.toString('base64url'),
    properties: Object.fromEntries(
      entries.map(([key, name, value], index) => [
        key,
        { display: true, name, display_order: index + 1, value: value.slice(0, MOST) },
      ]),
    ),
  };
}
