import { append } from '../../audit/append.ts';
import { FORMATS, writeAuditFile, type AuditFile, type FileFormat } from '../../audit/read/file.ts';
import type { AuditFilter } from '../../audit/read/filter.ts';
import { refuseAccess } from '../access.ts';
import { writeSentence } from '../blocks/text.ts';
import { tellError } from '../decide-as.ts';
import { resolveChannel } from '../deliver/dm-channel.ts';
import { dmOf } from '../deliver/enqueue.ts';
import { uploadFile } from '../deliver/upload-file.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { findScope } from '../home/read-audit.ts';
import { readHomeState } from '../home/state.ts';
import { readActor } from '../identity.ts';
import { answer } from './answer.ts';
import { valueOf } from './value.ts';

/** Sends what the timeline shows to the direct message, as a file. Whose entries those are is asked now. */
export async function handleAuditFile(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const { body, client, context } = args;
  const actor = readActor(context, body.user);
  const format = FORMATS.find((one) => one === valueOf(args));
  if (format === undefined) return;
  const { filter } = readHomeState(body.view?.private_metadata);
  try {
    const refused = await deps.directory.checkMember(actor);
    if (refused !== null) {
      await refuseAccess(deps, actor, 'audit file', refused);
      return await answer(deps, args, actor, refused.message);
    }
    const scope = await findScope(deps, actor);
    const file = await writeAuditFile(deps.calls.database, scope, filter, format);
    // Before it is sent: a file that left unrecorded would be worse than a record of one that did not.
    await recordFile(deps, actor, { filter, format, size: file.events });
    const channel = await resolveChannel(deps.calls.database, client, {
      workspaceId: actor.workspaceId,
      channel: dmOf(actor.memberId),
    });
    const name = `agentdesk-audit-${deps.calls.now().toISOString().slice(0, 10)}.${format}`;
    const comment = writeSentence(describeFile(file));
    await uploadFile(client, channel, { name, title: name, content: file.text, comment });
    await answer(deps, args, actor, `The file is in our direct message: ${name}.`);
  } catch (error) {
    await answer(deps, args, actor, tellError(deps, error, 'an audit file was not sent'));
  }
}

function describeFile({ lines, events, cutShort }: AuditFile): string {
  const what = `What the audit shows under your filter: ${lines} lines, ${events} entries.`;
  const rest = cutShort
    ? ' There is more than a file holds; choose fewer days, or ask the operator for an export of the log.'
    : '';
  return `${what}${rest} A file in Slack is no proof; the operator’s export is one.`;
}

async function recordFile(
  deps: SlackDeps,
  { workspaceId, memberId }: Actor,
  about: { filter: AuditFilter; format: FileFormat; size: number },
): Promise<void> {
  await deps.calls.database.transaction((tx) =>
    append(tx, {
      workspaceId,
      type: 'audit.exported',
      actor: `member:${memberId}`,
      memberId,
      target: 'a file in Slack',
      outcome: 'sent',
      detail: about,
    }),
  );
}
