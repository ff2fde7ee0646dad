import { setTimeout as sleep } from 'node:timers/promises';
import { buttonOf, press } from './outside.ts';
import { dmOf, wasTold, type Posted } from './chaos-slack.ts';
import type { CallProgress, Story } from './chaos-story.ts';
import type { World } from './chaos-world.ts';

/** A person who sees nothing come of a click that Slack took tries again after so long. */
const PATIENCE_MS = 12_000;
const RETRY_MS = 400;

/** Does with a pending card what the plan says; returns at once, whatever Slack does. */
export function decideOn(world: World, story: Story, call: CallProgress, card: Posted): void {
  const { decision } = call.plan;
  if (decision === 'expire' || call.busy || Date.now() < call.nextClick) return;
  call.busy = true;
  void act(world, story, call, card)
    .then((isTaken) => {
      call.nextClick = Date.now() + (isTaken ? PATIENCE_MS : RETRY_MS);
    })
    .finally(() => {
      call.busy = false;
    });
}

/** @returns whether Slack said that it was taken */
async function act(world: World, story: Story, call: CallProgress, card: Posted): Promise<boolean> {
  const { decision, marker, twice } = call.plan;
  const isEdited = JSON.stringify(card.blocks).includes(`${marker} edited`);
  if (decision === 'edit' && !isEdited) return edit(world, story, call, card);
  await sleep(story.plan.thinkMs);
  if (decision === 'deny') return click(world, story, card, 'Deny', twice);
  if (call.ackedAt !== null && call.ackedAt !== call.doubted) {
    call.doubted = call.ackedAt;
    if (await isUnheard(world, card, call.ackedAt, story.plan.user)) story.unheard += 1;
  }
  if (decision === 'edit') call.triedEdited = true;
  else call.tried = true;
  const isTaken = await click(world, story, card, 'Approve', twice);
  if (isTaken) call.ackedAt = Date.now();
  return isTaken;
}

async function click(
  { outside }: World,
  { plan }: Story,
  card: Posted,
  label: string,
  twice: boolean,
): Promise<boolean> {
  const once = (): Promise<boolean> =>
    press(outside, plan.user, dmOf(plan.user), card, label).then(
      () => true,
      // Slack says that the app did not answer, or the card has lost its buttons meanwhile.
      () => false,
    );
  const taken = await Promise.all(twice ? [once(), once()] : [once()]);
  return taken.includes(true);
}

/** The click was acknowledged, but it is stored nowhere and nobody was told why. */
async function isUnheard(
  { sql, outside }: World,
  card: Posted,
  since: number,
  user: string,
): Promise<boolean> {
  const approvalId = buttonOf(card, 'Approve')?.value ?? '';
  const rows = await sql<{ status: string }[]>`
    select status from agentdesk.approvals where id::text = ${approvalId}`.catch(() => []);
  return rows[0]?.status === 'pending' && !wasTold(outside, user, since);
}

/** One modal at a time is on a person's screen. */
const screens = new Map<string, Promise<unknown>>();

async function edit(world: World, story: Story, call: CallProgress, card: Posted): Promise<boolean> {
  const { user } = story.plan;
  const before = screens.get(user) ?? Promise.resolve();
  const mine = before.then(() => fillForm(world, story, call, card));
  screens.set(
    user,
    mine.catch(() => undefined),
  );
  return mine;
}

const FIELDS: Readonly<Record<string, string>> = {
  mail: 'subject',
  invite: 'title',
  issue: 'title',
  comment: 'body',
};

async function fillForm(world: World, story: Story, call: CallProgress, card: Posted): Promise<boolean> {
  const { slack } = world.outside;
  const { user } = story.plan;
  const approvalId = buttonOf(card, 'Edit')?.value ?? '';
  if (!(await click(world, story, card, 'Edit', false))) return false;
  for (let tries = 0; tries < 30; tries += 1) {
    const open = slack.view(user);
    if (open !== null && String(open.view['private_metadata']).includes(approvalId)) {
      const value = { type: 'plain_text_input', value: `${call.plan.marker} edited` };
      const { ok } = await slack.submitView(user, open.id, { [FIELDS[call.plan.tool] ?? '']: { value } });
      if (!ok) slack.closeView(user, open.id);
      return ok;
    }
    await sleep(100);
  }
  return false;
}
