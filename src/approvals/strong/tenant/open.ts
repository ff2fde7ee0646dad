import type { Transaction } from '../../../db/client.ts';
import { eq } from '../../../db/drizzle.ts';
import { strongRequests } from '../../../db/schema/strong-requests.ts';
import type { Keyring } from '../../../db/seal.ts';
import type { Approval } from '../../deps.ts';
import type { Device } from '../choose-device.ts';
import type { DeviceRequest, TenantCiba } from './types.ts';

/** Seconds beyond the device's own time: to ask it, and to act on an answer that comes at the last moment. */
const MARGIN_SECONDS = 60;

/** Seconds from the click in which an approval has to be confirmed and done where the tenant asks the device. */
export function readDeviceSeconds(ciba: TenantCiba): number {
  return ciba.expirySeconds + MARGIN_SECONDS;
}

/** Has the member's device asked, in the transaction of the click. */
export async function openDeviceRequest(
  tx: Transaction,
  ciba: TenantCiba,
  approval: Pick<Approval, 'id' | 'workspaceId' | 'memberId'>,
  { subject, factor }: Extract<Device, { kind: 'tenant' }>,
): Promise<void> {
  await tx.insert(strongRequests).values({
    approvalId: approval.id,
    workspaceId: approval.workspaceId,
    memberId: approval.memberId,
    issuer: ciba.issuer,
    subject,
    factorId: factor.id,
    status: 'asking',
  });
}

/** What the member's device was asked about an approval; null when it was not. */
export async function findDeviceRequest(
  db: Pick<Transaction, 'select'>,
  approvalId: string,
): Promise<DeviceRequest | null> {
  const [row] = await db.select().from(strongRequests).where(eq(strongRequests.approvalId, approvalId));
  return row ?? null;
}

const placeOf = ({ approvalId, issuer }: DeviceRequest): string[] => [approvalId, issuer];

export function sealAuthReqId(keyring: Keyring, request: DeviceRequest, authReqId: string): string {
  return keyring.seal('device-request', placeOf(request), authReqId);
}

export function openAuthReqId(keyring: Keyring, request: DeviceRequest, sealed: string): string {
  return keyring.open('device-request', placeOf(request), sealed);
}
