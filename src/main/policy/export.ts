import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeBuiltIn } from '../../policy/built-in.ts';
import { buildCedarSchema } from '../../policy/cedar-schema.ts';
import { compileLayer } from '../../policy/rules/compile.ts';
import { listWorkspaces, readHead } from '../../policy/versions/read.ts';
import { pickWorkspace, type PolicyArguments } from './arguments.ts';
import type { PolicyTools } from './tools.ts';

/** The organisation's layer in force as a document that `lint`, `replay` and `apply` take, and as Cedar to review. */
export async function exportPolicy(
  { database, catalog, write }: PolicyTools,
  { workspace, out }: PolicyArguments,
): Promise<number> {
  const workspaceId = pickWorkspace(workspace, await listWorkspaces(database.db));
  const head = await readHead(database.db, { workspaceId, owner: '' });
  const document = `${JSON.stringify(head.document, null, 2)}\n`;
  if (out === null) {
    write(document.trimEnd());
    return 0;
  }
  const layer =
    head.number === 0 ? compileLayer(head.document, { catalog, workspaceId, owner: '' }) : head.cedar;
  const cedar = [
    `// AgentDesk ${describeBuiltIn(catalog).version}: what every organisation starts from.`,
    describeBuiltIn(catalog).cedar,
    `// The organisation's own, version ${head.number}: it only forbids.`,
    layer,
  ].join('\n');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'policy.json'), document);
  writeFileSync(join(out, 'policy.cedar'), cedar);
  writeFileSync(join(out, 'policy.cedarschema'), buildCedarSchema(catalog));
  write(`Version ${head.number} of ${workspaceId}: ${head.document.rules.length} rules written to ${out}.`);
  return 0;
}
