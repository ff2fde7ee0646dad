import type { Approval } from '../../approvals/deps.ts';
import { findDeviceRequest } from '../../approvals/strong/tenant/open.ts';
import type { CardDevice } from '../blocks/card-device.ts';
import type { SlackDeps } from '../deps.ts';

/** Seconds up to which Auth0 asks by push (https://auth0.com/docs: CIBA, requested_expiry). */
const PUSH_SECONDS = 300;

/** What the card of an approval shows of the member's own device; null when no tenant asks it. */
export async function findDevice(
  { calls }: Pick<SlackDeps, 'calls'>,
  { id, tier }: Approval,
): Promise<CardDevice | null> {
  const { device } = calls.approvals;
  if (device === null || tier !== 'approve_strong') return null;
  const request = await findDeviceRequest(calls.database.db, id);
  if (request === null) return null;
  const { domain, expirySeconds } = device.ciba;
  return { ...request, service: domain, byMail: expirySeconds > PUSH_SECONDS };
}
