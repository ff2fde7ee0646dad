import { draftGrant } from '../../calls/grants/draft.ts';
import { proposeGrant, type GrantWish } from '../../calls/grants/propose-grant.ts';
import { refuseAccess } from '../access.ts';
import { buildNotice } from '../blocks/modals.ts';
import { tellError } from '../decide-as.ts';
import { postCard } from '../deliver/post-card.ts';
import type { SlackDeps, ViewArgs } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { readActor } from '../identity.ts';
import { answerForm } from './answer-form.ts';
import { readMetadata } from './metadata.ts';

type Values = ViewArgs['view']['state']['values'];

/** The form of a grant was sent: everything in it is checked anew, and the grant's own card is posted. */
export async function handleGrantForm(deps: SlackDeps, args: ViewArgs): Promise<void> {
  const { body, context, view } = args;
  const actor = readActor(context, body.user);
  const { approvalId } = readMetadata(view);
  const work = ask(deps, actor, approvalId, readWish(view.state.values));
  await answerForm(args, work, (sentence) => buildNotice('Allow this again', sentence));
}

/** @returns what came of it, as a sentence */
async function ask(deps: SlackDeps, actor: Actor, approvalId: string, wish: GrantWish): Promise<string> {
  try {
    const refused = await deps.directory.checkClicker(actor);
    if (refused !== null) {
      await refuseAccess(deps, actor, `allow again ${approvalId.slice(0, 60)}`, refused);
      return refused.message;
    }
    const draft = await draftGrant(deps.calls, actor, approvalId);
    await proposeGrant(deps.calls, draft, wish, (tx, approval) => postCard(tx, deps.calls.jobs, approval));
    return 'I sent you the card in our direct message. Nothing is allowed before you approve it there.';
  } catch (error) {
    return tellError(deps, error, 'a grant was not asked for');
  }
}

function readWish(values: Values): GrantWish {
  const one = (block: string): string => {
    const held = values[block]?.['value'];
    return held?.selected_option?.value ?? held?.value ?? '';
  };
  const open = Object.keys(values).flatMap((block): [string, 'free' | string[]][] => {
    const name = /^vary\.(\w+)$/.exec(block)?.[1];
    if (name === undefined) return [];
    const choice = one(block);
    if (choice === 'free') return [[name, 'free']];
    return choice === 'one_of' ? [[name, one(`list.${name}`).split('\n')]] : [];
  });
  return { open: Object.fromEntries(open), uses: Number(one('uses')), hours: Number(one('hours')) };
}
