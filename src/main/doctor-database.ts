import { startEmbeddedPostgres } from '../db/embedded/start.ts';
import { DeskError, userMessage } from '../errors.ts';
import { describeSilence } from './doctor-ask.ts';
import { judgeSkew } from './doctor-clock.ts';
import { fail, pass, type Check, type DoctorContext, type Finding } from './doctor-finding.ts';
import { checkAccess, checkAppendOnly, checkMigrations, checkSealed } from './doctor-schema.ts';
import { openSession, type Session } from './doctor-session.ts';

const OLDEST_SERVER = 140_000;

/** The database, read only: nothing is migrated. The embedded one is started, and stopped again unless it is in use. */
export const checkDatabase: Check = async (context) => {
  const { databaseUrl, databaseOwnerUrl } = context.secrets;
  if (databaseUrl === null) return checkEmbedded(context);
  const findings = await inspect(context, databaseUrl, 'DATABASE_URL', databaseOwnerUrl ?? databaseUrl);
  return findings;
};

async function checkEmbedded(context: DoctorContext): Promise<Finding[]> {
  let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
  try {
    // What it logs is of no use here, and would stand between the JSON of --json.
    server = await startEmbeddedPostgres({ dataDir: context.config.dataDir, log: () => undefined });
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    return [fail('database', userMessage(error), 'Do what it says, or set DATABASE_URL.')];
  }
  try {
    return await inspect(context, server.url, 'The embedded database', server.url);
  } finally {
    await server.stop();
  }
}

async function inspect(
  context: DoctorContext,
  url: string,
  name: string,
  ownerUrl: string,
): Promise<Finding[]> {
  const sessions: Session[] = [];
  try {
    const session = openSession(url, context.timeoutMs);
    sessions.push(session);
    const findings = await measure(context, session, name);
    if (findings.some(({ status }) => status === 'fail')) return findings;
    const owner = ownerUrl === url ? session : openSession(ownerUrl, context.timeoutMs);
    if (owner !== session) sessions.push(owner);
    const migrations = await checkMigrations(owner);
    findings.push(...migrations.findings);
    if (!migrations.usable) return findings;
    findings.push(...(await checkAccess(session)), ...(await checkAppendOnly(owner)));
    return [...findings, ...(await checkSealed(session, context))];
  } catch (error) {
    return [explainDatabase(error, context, sessions.length > 1 ? 'DATABASE_OWNER_URL' : name)];
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

/** Version, and clock: half of the round trip is subtracted, because the answer was on its way. */
async function measure(context: DoctorContext, { sql }: Session, name: string): Promise<Finding[]> {
  const [about] = await sql<{ number: string; version: string; login: string }[]>`
    select current_setting('server_version_num') as number, current_setting('server_version') as version,
      current_user as login`;
  const version = about?.version ?? '?';
  if (Number(about?.number) < OLDEST_SERVER) {
    return [fail('database', `${name} is PostgreSQL ${version}`, 'Use PostgreSQL 14 or later.')];
  }
  const sent = context.now().getTime();
  const [clock] = await sql<{ ms: string }[]>`select extract(epoch from clock_timestamp()) * 1000 as ms`;
  const skew = Number(clock?.ms) - (sent + context.now().getTime()) / 2;
  return [
    pass('database', `${name} is PostgreSQL ${version}, as ${about?.login ?? '?'}`),
    ...judgeSkew('database clock', 'The database', skew, 2_000),
  ];
}

/** SQLSTATEs and socket errors of a first connection, in words (postgresql.org, Appendix A). */
function explainDatabase(error: unknown, context: DoctorContext, name: string): Finding {
  const code = String((error as { code?: unknown }).code ?? '');
  const known: Readonly<Record<string, [problem: string, fix: string]>> = {
    '28P01': ['the password is wrong', `Correct the password in ${name}.`],
    '28000': ['that login is not let in', `Correct the user in ${name}, or pg_hba.conf on the server.`],
    '3D000': ['there is no such database', `Make it (createdb), or correct the name in ${name}.`],
    '53300': ['it has no connection left', 'Raise max_connections, or stop what holds them.'],
    '57P03': ['it is starting up or shutting down', 'Try again in a moment.'],
    '57014': ['it took too long to answer', 'See what the server is busy with (pg_stat_activity).'],
    CONNECT_TIMEOUT: [`no answer within ${context.timeoutMs / 1000} s`, `Check host and port in ${name}.`],
  };
  const [problem, fix] = known[code] ?? [
    describeSilence(error, context.timeoutMs),
    `Check ${name}, and that PostgreSQL runs and can be reached from here.`,
  ];
  return fail('database', `${name} is not usable: ${problem}`, fix);
}
