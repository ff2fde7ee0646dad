import { errors, type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider';
import { and, eq, isNull, lt } from '../db/drizzle.ts';
import { oidcRecords } from '../db/schema/authority.ts';
import { readApprovalDigest } from './approval-digest.ts';
import type { Context } from './context.ts';

/**
 * oidc-provider's storage in PostgreSQL: one row a record. What must happen once happens in one conditional
 * statement, so that any number of processes behave as one. Rows are found after their expiry too; the provider
 * checks that itself, and housekeeping removes them later. `database.db` is read anew each time: it is another one
 * after a connection was lost.
 */
export function createAdapterFactory({ database, now }: Pick<Context, 'database' | 'now'>): AdapterFactory {
  return (model): Adapter => {
    const byId = (id: string) => and(eq(oidcRecords.model, model), eq(oidcRecords.id, id));
    const toRow = (id: string, payload: AdapterPayload, expiresIn: number | undefined) => ({
      model,
      id,
      payload,
      grantId: payload.grantId ?? null,
      // Backchannel requests are looked up by what they ask approval for.
      uid: model === 'BackchannelAuthenticationRequest' ? readApprovalDigest(payload.params) : null,
      expiresAt: findExpiry(payload, expiresIn, now()),
    });

    async function find(where: ReturnType<typeof and>): Promise<AdapterPayload | undefined> {
      const [row] = await database.db.select().from(oidcRecords).where(where).limit(1);
      if (row === undefined) return undefined;
      const payload = row.payload as AdapterPayload;
      return row.consumedAt === null ? payload : { ...payload, consumed: toSeconds(row.consumedAt) };
    }

    return {
      async upsert(id, payload, expiresIn) {
        const { payload: stored, grantId, uid, expiresAt } = toRow(id, payload, expiresIn);
        const rows = await database.db
          .insert(oidcRecords)
          .values({ model, id, payload: stored, grantId, uid, expiresAt })
          .onConflictDoUpdate({
            target: [oidcRecords.model, oidcRecords.id],
            // consumed_at stays: a decision told twice must not make a used request usable again.
            set: { payload: stored, grantId, uid, expiresAt },
            ...(model === 'ReplayDetection' ? { setWhere: lt(oidcRecords.expiresAt, now()) } : {}),
          })
          .returning({ id: oidcRecords.id });
        if (rows.length === 0) throw new errors.InvalidClientAuth('client assertion used before');
      },
      find: (id) => find(byId(id)),
      findByUid: (uid) => find(and(eq(oidcRecords.model, model), eq(oidcRecords.uid, uid))),
      // User codes belong to the device flow, which is off.
      findByUserCode: () => Promise.resolve(undefined),
      async consume(id) {
        const rows = await database.db
          .update(oidcRecords)
          .set({ consumedAt: now() })
          .where(and(byId(id), isNull(oidcRecords.consumedAt)))
          .returning({ id: oidcRecords.id });
        if (rows.length === 0) throw new errors.InvalidGrant(`${model} used before`);
      },
      async destroy(id) {
        await database.db.delete(oidcRecords).where(byId(id));
      },
      // Called when a used request is polled again. Its one token is a JWT that no deletion could take back,
      // and deleting the records could take the token from the first poller half way.
      revokeByGrantId: () => Promise.resolve(),
    };
  };
}

function findExpiry(payload: AdapterPayload, expiresIn: number | undefined, now: Date): Date | null {
  if (payload.exp !== undefined) return new Date(payload.exp * 1000);
  return expiresIn === undefined ? null : new Date(now.getTime() + expiresIn * 1000);
}

const toSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);
