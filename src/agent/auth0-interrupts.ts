import { createRequire } from 'node:module';

// The one file that loads Auth0's AI packages: their ES module builds do not load in Node (extensionless imports),
// so by `require`. Codes are those of @auth0/ai 4.0.1; 5.x renamed them.
const require = createRequire(import.meta.url);

const { AuthorizationPendingInterrupt, FederatedConnectionInterrupt } =
  require('@auth0/ai/interrupts') as typeof import('@auth0/ai/interrupts');

/** What a waiting call shows to any client that knows Auth0's agents. Plain JSON, because that is what a checkpoint keeps. */
export type InterruptValue = Readonly<Record<string, unknown>>;

/** An approval is open: a CIBA request is pending. */
export function describePendingApproval(
  toolCallId: string,
  request: { id: string; requestedAt: Date; expiresIn: number; interval: number },
): InterruptValue {
  const interrupt = new AuthorizationPendingInterrupt('The approval is pending.', {
    id: request.id,
    requestedAt: request.requestedAt.getTime(),
    expiresIn: request.expiresIn,
    interval: request.interval,
  });
  return { ...interrupt.toJSON(), toolCall: { id: toolCallId } };
}

/** An account or a scope is missing. */
export function describeMissingAccount(
  toolCallId: string,
  connection: string,
  scopes: readonly string[],
  requiredScopes: readonly string[],
): InterruptValue {
  const interrupt = new FederatedConnectionInterrupt(
    'Authorization is required to use the connected account.',
    connection,
    [...scopes],
    [...requiredScopes],
  );
  return { ...interrupt.toJSON(), toolCall: { id: toolCallId } };
}
