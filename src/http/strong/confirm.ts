import { beginConfirmation, finishConfirmation } from '../../approvals/strong/confirm.ts';
import { findConfirmation } from '../../approvals/strong/confirmation.ts';
import type { Presentation } from '../../approvals/presentation.ts';
import { foreign, html } from '../html.ts';
import type { HttpDoorOptions } from '../options.ts';
import { replyPage } from '../page.ts';
import type { Reply } from '../reply.ts';
import type { Visit } from '../router.ts';
import { answerSteps, needJson, readAnswer } from './answer-body.ts';
import { scriptUrl } from './script.ts';
import { showPresentation } from './show-presentation.ts';

const ROUTE = '/strong/:reference';

/** The page behind a card's button: the same content as the card. Looking at it changes nothing. */
export async function showStrong(door: HttpDoorOptions, { reference }: Visit): Promise<Reply> {
  const { approval, problem } = await findConfirmation(door.approvals, reference);
  if (problem !== null) throw problem;
  const person = await door.describePerson(approval.workspaceId, approval.memberId);
  const body = html`<p>
      ${foreign(person.name)} approved this in Slack (${foreign(person.workspaceName)}). It is done only when
      your passkey confirms it.
    </p>
    ${showPresentation(approval.presentation as Presentation)}
    <button id="go">Confirm with passkey</button>
    <p id="said" role="status"></p>
    <p><small>Is it not what you want? Close this window: nothing is done without your passkey.</small></p>`;
  return replyPage({ title: 'Confirm with your second device', body, script: scriptUrl(door) });
}

export function beginStrong(door: HttpDoorOptions, { reference, json }: Visit): Promise<Reply> {
  return answerSteps(door, ROUTE, async () => {
    needJson(json);
    return { step: await beginConfirmation(door.approvals, reference) };
  });
}

export function finishStrong(door: HttpDoorOptions, visit: Visit): Promise<Reply> {
  return answerSteps(door, ROUTE, async () => ({
    step: await finishConfirmation(door.approvals, visit.reference, readAnswer(visit)),
  }));
}
