import { z } from 'zod';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { readActor } from '../identity.ts';
import { SCOPES, type Wish } from '../policy/change.ts';
import { showPreview } from '../policy/show-preview.ts';
import { answer } from './answer.ts';
import { openView } from './open-view.ts';
import { preview } from './policy.ts';
import { valueOf } from './value.ts';

const said = z.object({ scope: z.enum(SCOPES), id: z.string().max(60).nullable(), rule: z.unknown() });

/**
 * A rule that `/agentdesk policy say` showed is to be saved: asks whether it is meant, as for any change. The button
 * is only where the rule was kept; it is read by the policy's schema, and who may add it is asked now.
 */
export async function handlePolicySaid(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  const { success, data } = said.safeParse(readJson(valueOf(args)));
  if (!success) return answer(deps, args, actor, 'I cannot read this button any more. Say it again.');
  const { scope, id, rule } = data;
  const wish: Wish = id === null ? { kind: 'add', rule, isSaid: true } : { kind: 'edit', id, rule };
  const found = await preview(deps, actor, scope, wish);
  if (typeof found === 'string') return answer(deps, args, actor, found);
  await showPreview(deps, args.client, actor, found, (view) => openView(deps, args, actor, view));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
