import { parseArgs } from 'node:util';
import { DeskError } from '../../errors.ts';

export interface PolicyArguments {
  /** `export`, `lint`, … */
  readonly task: string;
  readonly file: string | null;
  readonly workspace: string | null;
  /** Directory to write to. */
  readonly out: string | null;
  readonly days: number;
  readonly limit: number | null;
  readonly json: boolean;
}

export const POLICY_USAGE = `Usage:
  agentdesk policy export [--workspace W] [--out DIR]    policy.json, policy.cedar and the schema, or JSON to stdout
  agentdesk policy lint FILE [--json]                    what is likely not meant; 1 when the file is not usable
  agentdesk policy replay [--workspace W] [--json]       makes every stored decision again; 1 when one comes out otherwise
  agentdesk policy replay FILE --workspace W [--days N] [--limit N] [--json]
                                                         what the file would change of the past
  agentdesk policy apply FILE --workspace W [--json]     saves it as the organisation's new version`;

const OPTIONS = {
  workspace: { type: 'string' },
  out: { type: 'string' },
  days: { type: 'string', default: '30' },
  limit: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** @returns what is wrong with the command line, or what it says */
export function readPolicyArguments(args: readonly string[]): PolicyArguments | string {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  const [task = '', file = null, ...more] = positionals;
  const read = {
    task,
    file,
    workspace: values.workspace ?? null,
    out: values.out ?? null,
    days: Number(values.days),
    limit: values.limit === undefined ? null : Number(values.limit),
    json: values.json,
  };
  return more.length > 0 ? `policy does not know ${more.join(' ')}` : (findProblem(read) ?? read);
}

function findProblem({ task, file, workspace, days, limit }: PolicyArguments): string | null {
  if (task === '') return 'Say what to do';
  if (!['export', 'lint', 'replay', 'apply'].includes(task)) return `policy does not know ${task}`;
  if (!(days > 0) || (limit !== null && !(Number.isInteger(limit) && limit > 0)))
    return '--days and --limit are numbers above 0';
  if (file === null) return task === 'lint' || task === 'apply' ? `policy ${task} needs a FILE` : null;
  if (task === 'export') return 'policy export takes no file; name a directory with --out';
  return workspace === null && task !== 'lint' ? `policy ${task} FILE needs --workspace` : null;
}

/** @throws DeskError `config_invalid` when it cannot be told which workspace is meant */
export function pickWorkspace(wanted: string | null, known: readonly string[]): string {
  const [only, ...others] = known;
  if (wanted !== null) return wanted;
  if (only !== undefined && others.length === 0) return only;
  const problem =
    known.length === 0
      ? 'no workspace has used this database yet'
      : `there are several workspaces; add --workspace with one of ${known.slice(0, 10).join(', ')}`;
  throw new DeskError('config_invalid', { problem });
}
