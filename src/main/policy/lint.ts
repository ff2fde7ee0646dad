import { catalog as actions } from '../../actions/catalog.ts';
import { DeskError, userMessage } from '../../errors.ts';
import { lintLayer } from '../../policy/lint/lint-layer.ts';
import { readLayer } from '../../policy/rules/schema.ts';
import { POLICY_USAGE, readPolicyArguments } from './arguments.ts';
import { readDocument } from './files.ts';

/** `agentdesk policy lint FILE`: needs neither configuration nor database, so that CI can run it anywhere. */
export async function runPolicyLint(args: readonly string[]): Promise<number> {
  const read = readPolicyArguments(['lint', ...args]);
  if (typeof read === 'string' || read.file === null) {
    process.stderr.write(`${String(read)}.\n\n${POLICY_USAGE}\n`);
    return 2;
  }
  const { file, json, workspace } = read;
  const say = (text: string, structured: unknown): void => {
    process.stdout.write(`${json ? JSON.stringify(structured, null, 2) : text}\n`);
  };
  try {
    const catalog = actions.map(({ id, service, risk }) => ({ id, service, risk }));
    const document = readLayer(readDocument(file), '');
    const findings = lintLayer(document, { catalog, workspaceId: workspace ?? 'T0', owner: '' });
    const lines = findings.map(({ sentence }) => sentence);
    say([...lines, `${file} is usable, with ${document.rules.length} rules.`].join('\n'), {
      usable: true,
      findings,
    });
    return 0;
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    say(userMessage(error), { usable: false, problem: userMessage(error) });
    return 1;
  }
}
