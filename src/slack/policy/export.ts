import type { webApi } from '@slack/bolt';
import { describeBuiltIn } from '../../policy/built-in.ts';
import { compileLayer } from '../../policy/rules/compile.ts';
import type { LayerDocument } from '../../policy/rules/types.ts';
import { readHead } from '../../policy/versions/read.ts';
import { writeSentence } from '../blocks/text.ts';
import { resolveChannel } from '../deliver/dm-channel.ts';
import { dmOf } from '../deliver/enqueue.ts';
import { uploadFile } from '../deliver/upload-file.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { placeOf, type Scope } from './change.ts';

/** Sends a layer to the direct message, as JSON to import again and as Cedar to review. @returns what to tell */
export async function exportPolicy(
  deps: SlackDeps,
  client: webApi.WebClient,
  actor: Actor,
  scope: Scope,
): Promise<string> {
  const { database, catalog } = deps.policy;
  const place = placeOf(actor, scope);
  const head = await readHead(database.db, place);
  const name = `agentdesk-${scope === 'mine' ? 'my' : 'organisation'}-policy-${head.number}`;
  const channel = await resolveChannel(deps.calls.database, client, {
    workspaceId: actor.workspaceId,
    channel: dmOf(actor.memberId),
  });
  const whose = scope === 'mine' ? 'Your own rules' : 'The organisation’s rules';
  const comment = (what: string): string => writeSentence(`${whose}, version ${head.number}, ${what}.`);
  const send = (ending: string, content: string, what: string): Promise<string> =>
    uploadFile(client, channel, {
      name: `${name}.${ending}`,
      title: `${name}.${ending}`,
      content,
      comment: comment(what),
    });
  await send('json', writeDocument(head.document), 'to import again');
  const { cedar, version } = describeBuiltIn(catalog);
  const own = compileLayer(head.document, { catalog, ...place });
  const text = [
    `// AgentDesk ${version}: what everyone starts from.`,
    cedar,
    `// ${whose}: they only forbid.`,
    own,
  ];
  await send('cedar', text.join('\n'), 'to review as Cedar');
  return `${name}.json and .cedar are in our direct message.`;
}

/** JSON with one rule a line, so that it can be compared and fits into an input again. */
function writeDocument({ v, rules, agents, grantable }: LayerDocument): string {
  const lines = (items: readonly unknown[]): string =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
  return `{"v":${v},"rules":${lines(rules)},"agents":${lines(agents)},"grantable":${JSON.stringify(grantable)}}\n`;
}
