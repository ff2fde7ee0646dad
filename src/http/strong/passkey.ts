import { shortId, writeUtc } from '../../approvals/strong/factors.ts';
import {
  beginFactorChange,
  continueFactorChange,
  readFactorPage,
} from '../../approvals/strong/passkey-page.ts';
import { passkeyCookie } from '../cookie.ts';
import { foreign, html, type Html } from '../html.ts';
import type { HttpDoorOptions } from '../options.ts';
import { replyPage } from '../page.ts';
import type { Reply } from '../reply.ts';
import type { Visit } from '../router.ts';
import { answerSteps, needJson, readAnswer } from './answer-body.ts';
import { scriptUrl } from './script.ts';

const ROUTE = '/passkey/:reference';

type Page = Awaited<ReturnType<typeof readFactorPage>>;

const TITLES = { enrol: 'Make a passkey', remove: 'Remove a passkey', vouch: 'Vouch for a passkey' } as const;

/** The page behind a link of `/agentdesk passkey`. Looking at it changes nothing. */
export async function showPasskey(door: HttpDoorOptions, { reference }: Visit): Promise<Reply> {
  const page = await readFactorPage(door.approvals, reference);
  const { request, target } = page;
  const person = await door.describePerson(request.workspaceId, request.memberId);
  const owner = target && (await door.describePerson(target.workspaceId, target.memberId));
  const title = TITLES[request.kind];
  const body = html`<dl>
      <dt>You are</dt>
      <dd><strong>${foreign(person.name)}</strong> <code>${request.memberId}</code></dd>
      <dt>Slack workspace</dt>
      <dd>${foreign(person.workspaceName)}</dd>
      ${target === null ? '' : showTarget(target, owner?.name ?? '')}
    </dl>
    <p>${explain(page)}</p>
    <button id="go">${title}</button>
    <p id="said" role="status"></p>
    <p><small>Not you? Close this window: nothing has happened yet.</small></p>`;
  return replyPage({ title, body, script: scriptUrl(door) });
}

function showTarget(target: NonNullable<Page['target']>, owner: string): Html {
  return html`<dt>Passkey</dt>
    <dd><code>${shortId(target)}</code>, made ${writeUtc(target.createdAt)}</dd>
    <dt>Its member</dt>
    <dd>${foreign(owner)} <code>${target.memberId}</code></dd>`;
}

function explain({ request, target }: Page): string {
  if (request.kind === 'enrol')
    return 'AgentDesk asks for it where a click in Slack is not enough. Your workspace’s admins are told. A first passkey counts after 24 hours; a further one needs the passkey you have.';
  if (request.kind === 'vouch')
    return 'Ask the member in person or by phone first. With your own passkey you make theirs count at once.';
  return target?.memberId === request.memberId
    ? 'This needs a passkey of yours that counts, or the very one that is removed.'
    : 'This needs your own passkey. The member is told, and their next first one counts after 24 hours.';
}

export function beginPasskey(door: HttpDoorOptions, { reference, cookies, json }: Visit): Promise<Reply> {
  return answerSteps(door, ROUTE, async () => {
    needJson(json);
    const { request } = await readFactorPage(door.approvals, reference);
    const { name } = await door.describePerson(request.workspaceId, request.memberId);
    const begun = await beginFactorChange(door.approvals, reference, {
      cookie: passkeyCookie.read(cookies),
      name,
    });
    return { step: begun.step, cookie: passkeyCookie.write(door.publicUrl(), begun.cookie) };
  });
}

export function continuePasskey(door: HttpDoorOptions, visit: Visit): Promise<Reply> {
  return answerSteps(door, ROUTE, async () => ({
    step: await continueFactorChange(
      door.approvals,
      visit.reference,
      passkeyCookie.read(visit.cookies),
      readAnswer(visit),
    ),
  }));
}
