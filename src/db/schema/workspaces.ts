import { boolean, index, jsonb, primaryKey, sql, text, uniqueIndex, uuid } from '../drizzle.ts';
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
    linkedAt: at('linked_at').notNull().defaultNow(),
    unlinkedAt: at('unlinked_at'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.memberId] }),
    uniqueIndex('links_subject').on(table.workspaceId, table.issuer, table.subject),
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

/** A one-time link that connects an account. Its secret is a MAC of the id and is not kept. */
export const connectRequests = desk.table(
  'connect_requests',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    connection: text('connection').notNull(),
    scopes: text('scopes').array().notNull(),
    purpose: text('purpose').notNull(),
    status: text('status', {
      enum: [
        'open',
        'proving',
        'authorizing',
        'completing',
        'awaiting_admin',
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
    /** PKCE verifier and the vault's auth_session, sealed. */
    sessionSealed: text('session_sealed'),
    /** How the browser proved to be the member: `slack`, `email`, `admin:<id>`. */
    provedBy: text('proved_by'),
    vaultId: text('vault_id'),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('connect_requests_waiting').on(table.workspaceId, table.turnId, table.toolCallId)],
);
