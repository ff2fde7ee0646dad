import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describeError } from '../telemetry.ts';
import { keyFileOf, readKeyFile } from './keys.ts';
import { fail, pass, type Check, type DoctorContext, type Finding } from './doctor-finding.ts';

const OLDEST_NODE = 24;

/** The Node that runs this. */
export const checkNode: Check = ({ nodeVersion }) => {
  const major = Number.parseInt(nodeVersion, 10);
  return Promise.resolve([
    major >= OLDEST_NODE
      ? pass('node', `Node ${nodeVersion}`)
      : fail(
          'node',
          `Node ${nodeVersion} is older than ${OLDEST_NODE}`,
          'Run it through npm (npm ci, then npm run doctor): the right Node comes with the packages.',
        ),
  ]);
};

/** The data directory, and the key file in it. Nothing is made: that is for the first start. */
export const checkDataDir: Check = ({ config, secrets }) => {
  const dir = resolve(config.dataDir);
  const findings: Finding[] = [checkWritable(dir)];
  if (secrets.encryptionKeys.length > 0) {
    findings.push(pass('encryption key', `${secrets.encryptionKeys.length} from AGENTDESK_ENCRYPTION_KEY`));
  } else findings.push(checkKeyFile(keyFileOf(config.dataDir)));
  return Promise.resolve(findings);
};

function checkWritable(dir: string): Finding {
  let existing = dir;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
    if (!statSync(existing).isDirectory()) throw new Error(`${existing} is a file`);
    return pass('data directory', existing === dir ? dir : `${dir} will be made at the first start`);
  } catch (error) {
    return fail(
      'data directory',
      `${dir} cannot be written (${String(describeError(error)['message'])})`,
      `Make it writable for this user, or set AGENTDESK_DATA_DIR to a directory of yours.`,
    );
  }
}

function checkKeyFile(file: string): Finding {
  if (!existsSync(file)) return pass('encryption key', `${file} will be made at the first start`);
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    const mode = (statSync(file).mode & 0o777).toString(8);
    return fail('encryption key', `${file} can be read by others (mode ${mode})`, `Run: chmod 600 ${file}`);
  }
  const keys = readKeyFile(file);
  if (keys.length === 0 || keys.some((key) => key.length !== 32)) {
    return fail('encryption key', `${file} does not hold 32 bytes in base64`, 'Restore it from your backup.');
  }
  return pass('encryption key', `${file}; back it up with the database`);
}

/** The keys as they are, without making any; empty before the first start. */
export function readKeys({ config, secrets }: Pick<DoctorContext, 'config' | 'secrets'>): readonly Buffer[] {
  if (secrets.encryptionKeys.length > 0) return secrets.encryptionKeys;
  const file = keyFileOf(config.dataDir);
  if (!existsSync(file)) return [];
  return readKeyFile(file).filter((key) => key.length === 32);
}
