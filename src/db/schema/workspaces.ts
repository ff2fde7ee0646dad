import { boolean, index, integer, jsonb, primaryKey, sql, text, uniqueIndex, uuid } from '../drizzle.ts';
import { at, desk } from './columns.ts';

/** A Slack team or org that installed AgentDesk. */
export const workspaces = desk.table('workspaces', {
  id: text('id').primaryKey(),
  enterpriseId: text('enterprise_id'),
  name: text('name').notNull(),
  botUserId: text('bot_user_id').notNull(),
  /** E-mail domains that count as the workspace's own. */
  domains: text('domains')
    .array()
    .notNull()
    .default(sql`'{}'`),
  installedAt: at('installed_at').notNull().defaultNow(),
  uninstalledAt: at('uninstalled_at'),
});

/** Bot tokens of workspaces that installed by OAuth, sealed. */
export const installations = desk.table('installations', {
  workspaceId: text('workspace_id').primaryKey(),
  installationSealed: text('installation_sealed').notNull(),
  isEnterprise: boolean('is_enterprise').notNull(),
  installedAt: at('installed_at').notNull().defaultNow(),
});

export const members = desk.table(
  'members',
  {
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    /** What audit leaves call this member; random, so that erasing the row severs the tie. */
    pseudonym: uuid('pseudonym').notNull().defaultRandom(),
    dmChannel: text('dm_channel'),
    /** The Home view last drawn for them: where in it they are, and Slack's hash of it. Null = never opened. */
    home: jsonb('home'),
    createdAt: at('created_at').notNull().defaultNow(),
    /** When Slack was last asked whether they are still there. */
    checkedAt: at('checked_at').notNull().defaultNow(),
    /** Since when they are gone from Slack, or the app is; null while they are there. */
    leftAt: at('left_at'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.memberId] })],
);

/** Which subject at which issuer a member is. Locked FOR SHARE by every claim. */
export const links = desk.table(
  'links',
  {
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    /** The subject's refresh token at a tenant, sealed to this workspace, member and subject; null at the embedded vault. */
    refreshSealed: text('refresh_sealed'),
    linkedAt: at('linked_at').notNull().defaultNow(),
    unlinkedAt: at('unlinked_at'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.memberId] }),
    // One subject is one member of a workspace.
    uniqueIndex('links_subject')
      .on(table.workspaceId, table.issuer, table.subject)
      .where(sql`unlinked_at is null`),
  ],
);

/**
 * Stop flags. `member_id = ''` is the whole workspace, `workspace_id = ''` everything. Rows exist before
 * they are needed, because a claim locks them FOR SHARE and an absent row cannot be locked.
 */
export const stops = desk.table(
  'stops',
  {
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    stoppedAt: at('stopped_at'),
    stoppedBy: text('stopped_by'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.memberId] })],
);

/** A connected account of a member, as far as the desk knows it: never a token. Locked FOR SHARE by claims. */
export const accounts = desk.table(
  'accounts',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    connection: text('connection').notNull(),
    /** The vault's own id of the account (`cac_…`). */
    vaultId: text('vault_id').notNull(),
    /** The provider's id of the account, when the vault tells it. */
    providerId: text('provider_id'),
    label: text('label').notNull(),
    scopes: text('scopes').array().notNull(),
    status: text('status', { enum: ['connected', 'refused', 'disconnected'] }).notNull(),
    connectedAt: at('connected_at').notNull().defaultNow(),
    disconnectedAt: at('disconnected_at'),
  },
  (table) => [index('accounts_member').on(table.workspaceId, table.memberId, table.connection)],
);

/**
 * Accounts that were disconnected here and are to be revoked at the provider, by the vault: one row an account. Who the
 * member was at the vault is kept, because their link may be gone by then.
 */
export const revocations = desk.table(
  'revocations',
  {
    accountId: uuid('account_id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    actor: text('actor').notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** Not before this time. */
    dueAt: at('due_at').notNull().defaultNow(),
    lastError: text('last_error'),
    createdAt: at('created_at').notNull().defaultNow(),
    endedAt: at('ended_at'),
    outcome: text('outcome', { enum: ['revoked', 'not_revoked'] }),
  },
  (table) => [
    index('revocations_due')
      .on(table.dueAt)
      .where(sql`ended_at is null`),
    index('revocations_member').on(table.workspaceId, table.memberId),
  ],
);

/** A one-time link that connects an account, or links the member to a tenant's subject. Its secret is a MAC of the id and is not kept. */
export const connectRequests = desk.table(
  'connect_requests',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    kind: text('kind', { enum: ['account', 'link'] })
      .notNull()
      .default('account'),
    /** Of a link: the tenant's issuer. */
    connection: text('connection').notNull(),
    scopes: text('scopes').array().notNull(),
    purpose: text('purpose').notNull(),
    status: text('status', {
      enum: [
        'open',
        'proving',
        'authorizing',
        'completing',
        /** Of a link: both identities are known, the member has not said yes. */
        'confirming',
        'awaiting_admin',
        /** Of a link to another subject than before. */
        'awaiting_approval',
        'connected',
        'failed',
        'expired',
      ],
    }).notNull(),
    /** The call that waits for this account, if one does. */
    turnId: text('turn_id'),
    toolCallId: text('tool_call_id'),
    /** Hashes of the cookie and states that bind the browser which posted the page. */
    browserHash: text('browser_hash'),
    stateHash: text('state_hash').unique(),
    nonce: text('nonce'),
    /** Hash of the one code that was, or is being, spent on it. */
    codeHash: text('code_hash'),
    /** PKCE verifier with the vault's auth_session, or what came of the sign-in; sealed. */
    sessionSealed: text('session_sealed'),
    /** How the browser proved to be the member: `slack`, `email`, `admin:<id>`. */
    provedBy: text('proved_by'),
    vaultId: text('vault_id'),
    /** Of a link: who signed in at the tenant. */
    subject: text('subject'),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('connect_requests_waiting').on(table.workspaceId, table.turnId, table.toolCallId)],
);
