import { setTimeout as sleep } from 'node:timers/promises';
import { decideOn } from './chaos-clicks.ts';
import { countAnswers, findCardOf, placeOf } from './chaos-slack.ts';
import type { Story } from './chaos-story.ts';
import type { World } from './chaos-world.ts';

/** How often a person looks at Slack. */
const LOOK_MS = 80;
/** After so long without a sign, Stop is pressed again. */
const AGAIN_MS = 6000;

/** Plays the person of a story until everything they asked was answered, or `story.over` is set. */
export async function playStory(world: World, story: Story, everyStory: readonly Story[]): Promise<void> {
  const { plan } = story;
  await sleep(plan.startMs);
  speak(world, story, `Please do ${plan.marker}`);
  let stopAt = Date.now() + 1000 + plan.thinkMs;
  let halted = false;
  while (!story.over) {
    const cards = story.calls.map((call) => ({
      call,
      card: findCardOf(world.outside, plan.user, call.plan.marker),
    }));
    const isAsked = cards.some(({ card }) => card !== null);
    if (plan.followUp && isAsked && story.said === 1)
      speak(world, story, `Are you still there? ${plan.marker}`);
    if (plan.ending === 'stop' && Date.now() > stopAt) {
      story.stopped = true;
      stopAt = Date.now() + AGAIN_MS;
      world.outside.slack.stopSession(plan.user, placeOf(story.plan), story.thread ?? '');
    }
    if (plan.ending === 'halt' && !halted && isAsked) {
      halted = true;
      await halt(world, story, everyStory);
    }
    for (const { call, card } of cards) {
      if (card === null) continue;
      call.asked = true;
      if (card.told === 'pending' && plan.ending === 'decide') decideOn(world, story, call, card.message);
    }
    const isAnswered = countAnswers(world.outside, plan, story.thread ?? '') >= story.said;
    if (isAnswered && cards.every(({ card }) => card === null || !['pending', 'running'].includes(card.told)))
      return;
    await sleep(LOOK_MS);
  }
}

function speak({ outside }: World, story: Story, text: string): void {
  const { plan } = story;
  const words = plan.place === 'channel' ? `<@U0DESK> ${text}` : text;
  const { ts } = outside.slack.say(plan.user, placeOf(plan), words, story.thread ?? undefined);
  story.thread ??= ts;
  story.said += 1;
}

/** `/agentdesk stop`, and after a while `resume`; it concerns everything this member has open. */
async function halt({ outside }: World, story: Story, everyStory: readonly Story[]): Promise<void> {
  const { user } = story.plan;
  const mark = (): void => {
    for (const other of everyStory) if (other.plan.user === user) other.stopped = true;
  };
  for (const word of ['stop', 'resume']) {
    for (let answered = false; !answered && !story.over;) {
      mark();
      const { response } = await outside.slack.slash(user, user.replace('U', 'D'), '/agentdesk', word);
      answered = response !== undefined;
      await sleep(answered ? 300 : 500);
    }
  }
  mark();
}
