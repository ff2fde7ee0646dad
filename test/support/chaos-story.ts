import type { CallPlan, StoryPlan } from './chaos-plan.ts';

/** How a call's card went, as its person knows it. */
export interface CallProgress {
  readonly plan: CallPlan;
  /** A card was seen. */
  asked: boolean;
  /** A click on Approve was made; whether or not it was acknowledged. */
  tried: boolean;
  /** When Approve was acknowledged. */
  ackedAt: number | null;
  /** The acknowledgement of which it was looked up whether anything came. */
  doubted: number | null;
  /** Approve was clicked on the card of the edited call. */
  triedEdited: boolean;
  busy: boolean;
  nextClick: number;
}

/** A story under way. */
export interface Story {
  readonly plan: StoryPlan;
  readonly seed: number;
  readonly calls: readonly CallProgress[];
  /** The thread's ts, once the person has spoken. */
  thread: string | null;
  /** Messages the person said in it. */
  said: number;
  /** Stopped by its person, by either way. */
  stopped: boolean;
  /** Clicks that were acknowledged and of which nothing was heard again. */
  unheard: number;
  /** Its person looks at Slack no more. */
  over: boolean;
}

export function beginStory(seed: number, plan: StoryPlan): Story {
  return {
    plan,
    seed,
    calls: plan.steps.flat().map((call) => ({
      plan: call,
      asked: false,
      tried: false,
      ackedAt: null,
      doubted: null,
      triedEdited: false,
      busy: false,
      nextClick: 0,
    })),
    thread: null,
    said: 0,
    stopped: false,
    unheard: 0,
    over: false,
  };
}
