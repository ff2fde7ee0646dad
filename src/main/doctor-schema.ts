import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSqlState } from '../db/client.ts';
import { createKeyring } from '../db/seal.ts';
import { DeskError } from '../errors.ts';
import { fail, pass, warn, type DoctorContext, type Finding } from './doctor-finding.ts';
import { readKeys } from './doctor-machine.ts';
import type { Session } from './doctor-session.ts';

const JOURNAL = fileURLToPath(new URL('../../drizzle/meta/_journal.json', import.meta.url));
const MIGRATE = 'Run: npm run migrate (start does it too).';

/**
 * Compares the migrations that ran with those of this program, as the migrator does: by the time of the last one.
 * @returns `usable` = the tables are there and can be looked at
 */
export async function checkMigrations({ sql }: Session): Promise<{ findings: Finding[]; usable: boolean }> {
  const check = 'migrations';
  const { entries } = JSON.parse(readFileSync(JOURNAL, 'utf8')) as { entries: { when: number }[] };
  const [ran] = await sql<{ ours: boolean; others: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as ours,
      to_regnamespace('pgboss') is not null and to_regnamespace('langgraph') is not null as others`;
  const [last] =
    ran?.ours === true
      ? await sql<{ at: string | null }[]>`select max(created_at) as at from drizzle.__drizzle_migrations`
      : [];
  const at = Number(last?.at ?? 0);
  const pending = entries.filter(({ when }) => when > at).length;
  if (pending === 0 && at > Math.max(...entries.map(({ when }) => when))) {
    const fix = 'Run the newer AgentDesk that migrated it, or restore a backup from before.';
    return { findings: [fail(check, 'The database is newer than this program', fix)], usable: true };
  }
  if (pending === 0 && ran?.others === true) {
    return { findings: [pass(check, `all ${entries.length} have run`)], usable: true };
  }
  const detail = at === 0 ? 'The database is empty' : `${pending} of ${entries.length} are still to run`;
  return { findings: [warn(check, detail, MIGRATE), ...(await checkOwnership({ sql }))], usable: at !== 0 };
}

/** Whether this login could migrate: it makes schemas, and the two roles unless they are there already. */
async function checkOwnership({ sql }: Pick<Session, 'sql'>): Promise<Finding[]> {
  const [may] = await sql<{ schemas: boolean; roles: boolean }[]>`
    select has_database_privilege(current_database(), 'create') as schemas,
      (select rolsuper or rolcreaterole from pg_roles where rolname = current_user)
        or (select count(*) = 2 from pg_roles where rolname in ('agentdesk_app', 'agentdesk_authority')) as roles`;
  if (may?.schemas === true && may.roles) return [];
  const lacks = may?.schemas === true ? 'roles' : 'schemas';
  const fix =
    'Set DATABASE_OWNER_URL to a login that may (for roles: alter role … createrole), then migrate.';
  return [fail('migrations', `This login may not make ${lacks}, so it cannot migrate`, fix)];
}

/** Whether the desk and the authority can work, each as its own role. */
export async function checkAccess({ sql }: Session): Promise<Finding[]> {
  const rows = await sql<{ role: string; may: boolean }[]>`
    select rolname as role, pg_has_role(current_user, oid, 'member') as may
    from pg_roles where rolname in ('agentdesk_app', 'agentdesk_authority')`;
  const refused = ['agentdesk_app', 'agentdesk_authority'].filter(
    (role) => rows.find((row) => row.role === role)?.may !== true,
  );
  if (refused.length === 0)
    return [pass('database roles', 'agentdesk_app and agentdesk_authority can be used')];
  const detail = `This login cannot act as ${refused.join(' and ')}`;
  return [fail('database roles', detail, `As the owner, run: grant ${refused.join(', ')} to <this login>`)];
}

/** What makes the audit log refuse changes: triggers that are on, and a role without the rights. */
export async function checkAppendOnly({ sql }: Session): Promise<Finding[]> {
  const check = 'audit log';
  const triggers = await sql<{ name: string }[]>`
    select tgname as name from pg_trigger
    where tgrelid = to_regclass('agentdesk.audit_events') and tgenabled in ('O', 'A')
      and tgname in ('audit_events_no_change', 'audit_events_no_truncate')`;
  const [rights] = await sql<{ may: boolean }[]>`
    select has_table_privilege('agentdesk_app', 'agentdesk.audit_events', 'update, delete, truncate') as may`;
  if (triggers.length === 2 && rights?.may === false) return [pass(check, 'refuses changes')];
  const fix =
    'Find out who changed that, then as the owner: alter table agentdesk.audit_events enable trigger all; revoke update, delete, truncate on agentdesk.audit_events from agentdesk_app. If a trigger is gone, make it as in drizzle/0001_access.sql.';
  return [
    fail(check, 'The audit log can be changed: a trigger is off or agentdesk_app may do too much', fix),
  ];
}

/** Whether our key opens what lies sealed in the database; a backup restored without its key does not. */
export async function checkSealed({ sql }: Session, context: DoctorContext): Promise<Finding[]> {
  const check = 'sealed secrets';
  const keys = readKeys(context);
  let rows: { purpose: string; kid: string; sealed: string }[];
  try {
    rows =
      await sql`select purpose, kid, private_sealed as sealed from agentdesk.signing_keys where retired_at is null`;
  } catch (error) {
    if (readSqlState(error) === '42501') return [];
    throw error;
  }
  if (rows.length === 0) return [];
  const fix =
    'Set AGENTDESK_ENCRYPTION_KEY (or restore the key file) to the key that was used with this database.';
  if (keys.length === 0) return [fail(check, 'The database holds sealed secrets, but there is no key', fix)];
  const keyring = createKeyring(keys);
  try {
    for (const { purpose, kid, sealed } of rows) keyring.open('desk-signing-key', [purpose, kid], sealed);
    return [pass(check, 'our key opens them')];
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    return [fail(check, 'Our key does not open what is sealed in the database', fix)];
  }
}
