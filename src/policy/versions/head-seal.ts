import { toCanonicalBytes, digestOf } from '../../db/canonical.ts';
import { within, type Transaction } from '../../db/client.ts';
import { and, desc, eq, isNull } from '../../db/drizzle.ts';
import { policyHeads } from '../../db/schema/policy.ts';
import { auditEvents } from '../../db/schema/records.ts';
import type { Keyring } from '../../db/seal.ts';
import { describeOwner } from './audit-names.ts';

export type HeadKeyring = Pick<Keyring, 'mac' | 'isMac'>;
type Reader = Pick<Transaction, 'transaction'>;

/** Which version of a layer is in force. */
export interface Head {
  readonly workspaceId: string;
  readonly owner: string;
  readonly number: number;
}

/** sha256 (hex) over what a version says; null is the empty layer. */
export function digestContent(
  version: { readonly document: unknown; readonly cedar: string } | null,
): string {
  return digestOf(version === null ? null : { document: version.document, cedar: version.cedar }).toString(
    'hex',
  );
}

/**
 * A keyed hash that ties a head to the version it points at, and to what that says: whoever can write to the database
 * could otherwise put another policy in force than one that was approved.
 */
export function sealHead(keyring: HeadKeyring, head: Head, content: string): Buffer {
  return keyring.mac('policy-head', describeHead(head, content));
}

/**
 * Whether a head is the one that was put in force. One from before heads were sealed is held against the audit: its
 * version has to be the last that came into force there.
 * @returns why not, or null
 */
export async function findHeadProblem(
  db: Reader,
  keyring: HeadKeyring,
  head: Head & { readonly seal: Buffer | null },
  content: string,
): Promise<string | null> {
  if (head.seal !== null) {
    const isOurs = keyring.isMac('policy-head', describeHead(head, content), head.seal);
    return isOurs ? null : 'the seal of the policy in force does not fit it';
  }
  const { workspaceId, owner, number } = head;
  const [last] = await db.transaction((tx) =>
    within(tx, workspaceId, () =>
      tx
        .select({ target: auditEvents.target, detail: auditEvents.detail })
        .from(auditEvents)
        .where(
          and(
            eq(auditEvents.workspaceId, workspaceId),
            owner === '' ? isNull(auditEvents.memberId) : eq(auditEvents.memberId, owner),
            eq(auditEvents.type, 'policy.activated'),
          ),
        )
        .orderBy(desc(auditEvents.id))
        .limit(1),
    ),
  );
  const said = (last?.detail as { content?: unknown } | undefined)?.content;
  const isLast = number === 0 ? last === undefined : last?.target === `${describeOwner(owner)} ${number}`;
  return isLast && (said === undefined || said === content)
    ? null
    : 'the policy in force carries no seal, and the audit knows of another';
}

/** Makes the heads that are not there yet; a row that does not exist cannot be locked. */
export async function createHeads(
  tx: Pick<Transaction, 'insert'>,
  keyring: HeadKeyring,
  workspaceId: string,
  owners: readonly string[],
): Promise<void> {
  const heads = [...owners].sort().map((owner) => ({ workspaceId, owner, number: 0 }));
  const empty = digestContent(null);
  await tx
    .insert(policyHeads)
    .values(heads.map((head) => ({ ...head, seal: sealHead(keyring, head, empty) })))
    .onConflictDoNothing();
}

/** Seals a head from before heads were sealed, after it was found to be the right one. */
export async function sealOldHead(
  tx: Pick<Transaction, 'update'>,
  keyring: HeadKeyring,
  head: Head,
  content: string,
): Promise<void> {
  const { workspaceId, owner, number } = head;
  await tx
    .update(policyHeads)
    .set({ seal: sealHead(keyring, head, content) })
    .where(
      and(
        eq(policyHeads.workspaceId, workspaceId),
        eq(policyHeads.owner, owner),
        eq(policyHeads.number, number),
        isNull(policyHeads.seal),
      ),
    );
}

function describeHead({ workspaceId, owner, number }: Head, content: string): Buffer {
  return toCanonicalBytes({
    v: 'agentdesk/policy-head/1',
    workspace: workspaceId,
    owner,
    number,
    content,
  });
}
