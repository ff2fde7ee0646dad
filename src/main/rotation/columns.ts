import type { SealPlace, SealPurpose } from '../../db/seal.ts';

type Row = Readonly<Record<string, unknown>>;

/** A column of sealed values, and where each of them stands: what it was sealed with beside the key. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** Columns that name a row. */
  readonly key: readonly string[];
  /** Columns the place is made of, beside the key. */
  readonly more: readonly string[];
  purpose(row: Row): SealPurpose;
  place(row: Row): SealPlace;
}

const words = (row: Row, ...names: string[]): string[] => names.map((name) => String(row[name]));

function column(
  name: `${string}.${string}.${string}`,
  key: readonly string[],
  more: readonly string[],
  purpose: SealPurpose | ((row: Row) => SealPurpose),
  place: (row: Row) => SealPlace,
): SealedColumn {
  const [schema = '', table = '', columnName = ''] = name.split('.');
  return {
    table: `${schema}.${table}`,
    column: columnName,
    key,
    more,
    purpose: typeof purpose === 'string' ? () => purpose : purpose,
    place,
  };
}

const token = (name: 'refresh_token' | 'access_token'): SealedColumn =>
  column(
    `authority.connected_accounts.${name}_sealed`,
    ['id'],
    ['subject', 'connection'],
    'provider-token',
    (row) => [...words(row, 'subject', 'connection', 'id'), name],
  );

/** Every sealed value there is, by column; a test holds this against the database. */
export const SEALED: readonly SealedColumn[] = [
  column('agentdesk.installations.installation_sealed', ['workspace_id'], [], 'slack-installation', (row) =>
    words(row, 'workspace_id'),
  ),
  column('agentdesk.signing_keys.private_sealed', ['kid'], ['purpose'], 'desk-signing-key', (row) =>
    words(row, 'purpose', 'kid'),
  ),
  column('agentdesk.connect_requests.session_sealed', ['id'], ['kind'], 'connect-session', (row) =>
    row['kind'] === 'link' ? [...words(row, 'id'), 'link'] : words(row, 'id'),
  ),
  column(
    'agentdesk.links.refresh_sealed',
    ['workspace_id', 'member_id'],
    ['issuer', 'subject'],
    'subject-token',
    (row) => words(row, 'workspace_id', 'member_id', 'issuer', 'subject'),
  ),
  column(
    'agentdesk.factors.seal',
    ['id'],
    ['workspace_id', 'member_id', 'kind', 'credential_id', 'counts_from'],
    (row) => (row['kind'] === 'tenant' ? 'tenant-device' : 'passkey'),
    (row) => [
      ...words(row, 'id', 'workspace_id', 'member_id', 'credential_id'),
      new Date(String(row['counts_from'])).toISOString(),
    ],
  ),
  column(
    'agentdesk.strong_requests.auth_req_id_sealed',
    ['approval_id'],
    ['issuer'],
    'device-request',
    (row) => words(row, 'approval_id', 'issuer'),
  ),
  column(
    'agentdesk.strong_requests.proof_seal',
    ['approval_id'],
    ['workspace_id', 'member_id', 'issuer', 'subject', 'factor_id'],
    'device-proof',
    (row) => words(row, 'approval_id', 'workspace_id', 'member_id', 'issuer', 'subject', 'factor_id'),
  ),
  column('authority.signing_keys.private_sealed', ['kid'], [], 'authority-signing-key', (row) =>
    words(row, 'kid'),
  ),
  token('refresh_token'),
  token('access_token'),
  column(
    'authority.connect_sessions.verifier_sealed',
    ['session_hash'],
    ['subject', 'connection'],
    'connect-session',
    (row) => words(row, 'subject', 'connection', 'session_hash'),
  ),
];
