import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { append } from '../../../audit/append.ts';
import type { Transaction } from '../../../db/client.ts';
import { and, eq, isNull, sql } from '../../../db/drizzle.ts';
import { factors } from '../../../db/schema/factors.ts';
import { links } from '../../../db/schema/workspaces.ts';
import type { StrongDeps } from '../../deps.ts';
import { sealFactor } from '../factor-seal.ts';
import {
  listFactors,
  listTenantFactors,
  shortId,
  UNVOUCHED_HOURS,
  writeUtc,
  type Factor,
  type Owner,
} from '../factors.ts';

/** An identity counts as a second device this many hours after it was linked, as a first passkey does. */
const HOURS = 24;

const Identity = z.object({ issuer: z.string(), subject: z.string() });
type Identity = z.infer<typeof Identity>;

type FactorDeps = Pick<StrongDeps, 'keyring' | 'log' | 'announce'>;

/**
 * A member was linked to an identity at a tenant, whose own device may be asked from then on: not at once, because a
 * Slack session alone chooses no second device. In the transaction of the link.
 * @param link.fresh they were not linked to this very identity before; what counted for them before does not any more
 * @param link.domain the tenant as people know it
 */
export async function enrolIdentity(
  tx: Transaction,
  deps: FactorDeps,
  link: Owner & Identity & { readonly fresh: boolean; readonly domain: string },
): Promise<void> {
  const { workspaceId, memberId, issuer, subject, domain } = link;
  const present = await listTenantFactors(deps, tx, link);
  if (!link.fresh && present.some((factor) => isIdentity(factor, link))) return;
  await tx
    .update(factors)
    .set({ removedAt: sql`clock_timestamp()`, removedBy: memberId })
    .where(
      and(
        eq(factors.workspaceId, workspaceId),
        eq(factors.memberId, memberId),
        eq(factors.kind, 'tenant'),
        isNull(factors.removedAt),
      ),
    );
  // Beside a passkey that counts, time alone makes no other second device count: a Slack session could let it pass.
  const isBeside = (await listFactors(deps, tx, link)).some((passkey) => passkey.counts);
  const factor = await insert(tx, deps, link, { issuer, subject }, isBeside ? UNVOUCHED_HOURS : HOURS);
  await append(tx, {
    workspaceId,
    type: 'factor.enrolled',
    actor: `member:${memberId}`,
    memberId,
    target: factor.id,
    outcome: 'identity',
    detail: { counts_from: factor.countsFrom, issuer },
  });
  const id = shortId(factor);
  const when = isBeside ? 'once an admin vouches for it' : `from ${writeUtc(factor.countsFrom)} on`;
  await deps.announce(tx, {
    workspaceId,
    memberId,
    text: `The device you have at ${domain} counts as your second device ${when}. An admin can vouch now: /agentdesk passkey vouch ${id}`,
    adminText: `The device that <@${memberId}> has at ${domain} counts as their second device ${when}. If they say that they linked it, /agentdesk passkey vouch ${id}.`,
  });
}

async function insert(tx: Transaction, deps: FactorDeps, owner: Owner, identity: Identity, hours: number) {
  const [clock] = await tx.execute<{ at: string }>(
    sql`select to_char((date_trunc('milliseconds', clock_timestamp()) + make_interval(hours => ${hours})) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
  );
  const id = randomUUID();
  const factor = {
    id,
    workspaceId: owner.workspaceId,
    memberId: owner.memberId,
    kind: 'tenant' as const,
    credentialId: id,
    publicKey: writeIdentity(identity),
    countsFrom: new Date(clock?.at ?? Number.NaN),
  };
  await tx.insert(factors).values({ ...factor, counter: 0, transports: [], seal: sealFactor(deps, factor) });
  return factor;
}

const writeIdentity = ({ issuer, subject }: Identity): Buffer =>
  Buffer.from(JSON.stringify({ issuer, subject }));

/** Whether a second device is this identity. */
export function isIdentity(factor: Pick<Factor, 'kind' | 'publicKey'>, wanted: Identity): boolean {
  if (factor.kind !== 'tenant') return false;
  const { issuer, subject } = Identity.parse(JSON.parse(factor.publicKey.toString('utf8')));
  return issuer === wanted.issuer && subject === wanted.subject;
}

/** Who the member is at the tenant now, with what of it counts as a second device. */
export async function findIdentity(
  tx: Pick<Transaction, 'select'>,
  deps: Pick<StrongDeps, 'keyring' | 'log'>,
  owner: Owner,
  issuer: string,
): Promise<{ readonly subject: string; readonly factor: Factor | null } | null> {
  const [link] = await tx
    .select({ issuer: links.issuer, subject: links.subject })
    .from(links)
    .where(
      and(
        eq(links.workspaceId, owner.workspaceId),
        eq(links.memberId, owner.memberId),
        eq(links.issuer, issuer),
        isNull(links.unlinkedAt),
      ),
    );
  if (link === undefined) return null;
  const present = await listTenantFactors(deps, tx, owner);
  return { subject: link.subject, factor: present.find((factor) => isIdentity(factor, link)) ?? null };
}
