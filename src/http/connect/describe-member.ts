import type { ConnectRequest } from '../../vault/deps.ts';
import { foreign, html, type Html } from '../html.ts';
import type { HttpDoorOptions } from '../options.ts';

/** Who a link was made for, as rows of a description list: by name, and by what cannot be chosen. */
export async function describeMember(
  door: HttpDoorOptions,
  { workspaceId, memberId }: Pick<ConnectRequest, 'workspaceId' | 'memberId'>,
): Promise<Html> {
  const person = await door.describePerson(workspaceId, memberId);
  return html`<dt>For</dt>
    <dd><strong>${foreign(person.name)}</strong></dd>
    <dt>Slack workspace</dt>
    <dd>${foreign(person.workspaceName)}</dd>
    <dt>Slack user ID</dt>
    <dd><code>${memberId}</code></dd>`;
}
