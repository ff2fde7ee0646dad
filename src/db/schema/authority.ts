import { bigserial, index, jsonb, primaryKey, text, uniqueIndex, uuid } from '../drizzle.ts';
import { at, authority } from './columns.ts';

/** oidc-provider's records (its adapter's models). */
export const oidcRecords = authority.table(
  'oidc_records',
  {
    model: text('model').notNull(),
    id: text('id').notNull(),
    payload: jsonb('payload').notNull(),
    grantId: text('grant_id'),
    uid: text('uid'),
    expiresAt: at('expires_at'),
    consumedAt: at('consumed_at'),
  },
  (table) => [
    primaryKey({ columns: [table.model, table.id] }),
    index('oidc_records_grant').on(table.grantId),
    index('oidc_records_uid').on(table.model, table.uid),
    index('oidc_records_expiry').on(table.expiresAt),
  ],
);

export const authorityKeys = authority.table('signing_keys', {
  kid: text('kid').primaryKey(),
  publicJwk: jsonb('public_jwk').notNull(),
  privateSealed: text('private_sealed').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
});

/** Signed clicks. The first decision on an approval digest wins, for good. */
export const clicks = authority.table('clicks', {
  approvalDigest: text('approval_digest').primaryKey(),
  authReqId: text('auth_req_id').notNull(),
  decision: text('decision', { enum: ['approve', 'deny'] }).notNull(),
  click: text('click').notNull(),
  decidedAt: at('decided_at').notNull().defaultNow(),
});

/** The vault: one row an account, refresh (or long-lived access) token sealed. */
export const connectedAccounts = authority.table(
  'connected_accounts',
  {
    id: text('id').primaryKey(),
    subject: text('subject').notNull(),
    connection: text('connection').notNull(),
    providerId: text('provider_id').notNull(),
    label: text('label').notNull(),
    emailVerified: text('email_verified'),
    scopes: text('scopes').array().notNull(),
    refreshTokenSealed: text('refresh_token_sealed'),
    accessTokenSealed: text('access_token_sealed'),
    accessExpiresAt: at('access_expires_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [uniqueIndex('connected_accounts_one').on(table.subject, table.connection, table.providerId)],
);

export const connectSessions = authority.table('connect_sessions', {
  /** sha256 of the auth_session handed to the desk. */
  sessionHash: text('session_hash').primaryKey(),
  subject: text('subject').notNull(),
  connection: text('connection').notNull(),
  redirectUri: text('redirect_uri').notNull(),
  codeChallenge: text('code_challenge').notNull(),
  scopes: text('scopes').array().notNull(),
  /** PKCE verifier used towards the provider. */
  verifierSealed: text('verifier_sealed').notNull(),
  expiresAt: at('expires_at').notNull(),
  completedAt: at('completed_at'),
});

/** Every exchange asked for, granted or not: the authority's own record beside the desk's audit. */
export const exchanges = authority.table(
  'exchanges',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    leaseId: uuid('lease_id').notNull(),
    subject: text('subject').notNull(),
    connection: text('connection').notNull(),
    outcome: text('outcome').notNull(),
    at: at('at').notNull().defaultNow(),
  },
  (table) => [index('exchanges_lease').on(table.leaseId)],
);

/** jti of assertions seen: none is accepted twice. */
export const seenAssertions = authority.table('seen_assertions', {
  jti: text('jti').primaryKey(),
  expiresAt: at('expires_at').notNull(),
});
