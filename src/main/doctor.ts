import { describeError } from '../telemetry.ts';
import type { Invocation } from './invocation.ts';
import { checkAuditStream } from './doctor-audit.ts';
import { checkDatabase } from './doctor-database.ts';
import { fail, type Check, type DoctorContext, type Finding } from './doctor-finding.ts';
import { checkDataDir, checkNode } from './doctor-machine.ts';
import { checkModel } from './doctor-model.ts';
import { checkEndpoints, checkOauthClients } from './doctor-providers.ts';
import { checkConfiguration, checkPublicUrl } from './doctor-settings.ts';
import { checkTenantDevice } from './doctor-tenant.ts';
import { checkTenantClient } from './doctor-tenant-client.ts';
import { checkSlack } from './doctor-slack.ts';
import { createVeil } from './doctor-veil.ts';

/** In the order in which one would look: what others rest upon first. */
const CHECKS: readonly Check[] = [
  checkNode,
  checkConfiguration,
  checkPublicUrl,
  checkDataDir,
  checkDatabase,
  checkSlack,
  checkOauthClients,
  checkEndpoints,
  checkTenantClient,
  checkTenantDevice,
  checkModel,
  checkAuditStream,
];

const NETWORK_TIMEOUT_MS = 5_000;

/**
 * `agentdesk doctor`: looks at everything the configuration points to and names what to change. Changes nothing,
 * save that the embedded database is made when it is started for the first time.
 * @returns 0 when nothing failed, 1 when something did, 2 for a command line it does not know
 */
export async function runDoctor({ config, secrets, args }: Invocation): Promise<number> {
  const json = args.includes('--json');
  const unknown = args.filter((arg) => arg !== '--json');
  if (unknown.length > 0) {
    process.stderr.write(`doctor does not know ${unknown.join(' ')}. Usage: agentdesk doctor [--json]\n`);
    return 2;
  }
  const context: DoctorContext = {
    config,
    secrets,
    now: () => new Date(),
    nodeVersion: process.versions.node,
    timeoutMs: NETWORK_TIMEOUT_MS,
  };
  const findings: Finding[] = [];
  for await (const finding of diagnose(context)) {
    findings.push(finding);
    if (!json) process.stdout.write(writeFinding(finding));
  }
  const failed = findings.filter(({ status }) => status === 'fail').length;
  process.stdout.write(json ? `${JSON.stringify(findings, null, 2)}\n` : `\n${summarize(failed)}\n`);
  return failed === 0 ? 0 : 1;
}

/** All findings, one check after the other, with our secrets taken out of every word. */
export async function* diagnose(context: DoctorContext): AsyncGenerator<Finding> {
  const veil = createVeil(context.secrets);
  for (const check of CHECKS) {
    for (const { detail, fix, ...rest } of await perform(check, context)) {
      yield { ...rest, detail: veil(detail), fix: fix === null ? null : veil(fix) };
    }
  }
}

/** A check that breaks is told as such, and the others still run. */
async function perform(check: Check, context: DoctorContext): Promise<Finding[]> {
  try {
    return await check(context);
  } catch (error) {
    const { code, message } = describeError(error);
    const why = `${check.name} broke off: ${String(message)}${code === undefined ? '' : ` (${String(code)})`}`;
    return [fail('doctor', why, 'This is a fault of the doctor: report it with this line.')];
  }
}

const LABELS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL', look: 'look' } as const;

function writeFinding({ check, status, detail, fix }: Finding): string {
  return `${LABELS[status]}  ${check}: ${detail}\n${fix === null ? '' : `      → ${fix}\n`}`;
}

function summarize(failed: number): string {
  if (failed === 0) return 'Nothing failed.';
  return `${failed} ${failed === 1 ? 'check' : 'checks'} failed. Do what stands behind the arrows, then run this again.`;
}
