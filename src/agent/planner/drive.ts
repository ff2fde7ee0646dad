import type { Ask, Call, Ending, Request, Result } from './plan.ts';
import { questionFor, type Slot } from './questions.ts';
import { callKey } from './read-turn.ts';

/** What to do next: call tools, or say something and end the turn. */
export type Move = { readonly calls: readonly Call[] } | { readonly say: string };

/** The newest message answered no question of these requests, so it must be read on its own. */
export type Stray = { readonly stray: true };

type State =
  | { readonly kind: 'done'; readonly ending: Ending }
  | { readonly kind: 'needs'; readonly call: Call }
  | { readonly kind: 'asks'; readonly ask: Ask }
  | { readonly kind: 'waits' };

/**
 * Replays every request of the sentence against what is known, and decides the next step.
 *
 * Nothing is changed before every request has looked up what it needs and has nothing left to ask: a
 * question in the middle would otherwise make the person's answer repeat what was already done.
 *
 * @param results what tools answered in this turn, by `callKey`
 * @param answers what the person answered to earlier questions about these requests, oldest first
 * @param canCall whether a tool is there
 */
export function decideMove(
  requests: readonly Request[],
  results: ReadonlyMap<string, Result>,
  answers: readonly { readonly slot: Slot; readonly text: string }[],
  canCall: (tool: string) => boolean,
): Move | Stray {
  const open = answers.map((answer) => ({ ...answer, used: false }));
  const states: State[] = [];
  for (const request of requests) states.push(replay(request, states.at(-1), results, open, canCall));

  const question = states.find((state) => state.kind === 'asks');
  if (question) return { say: [...question.ask.lines, questionFor(question.ask.slot)].join('\n') };

  const needed = states.flatMap((state) => (state.kind === 'needs' ? [state.call] : []));
  const unique = [...new Map(needed.map((call) => [callKey(call.tool, call.args), call])).values()];
  const probes = unique.filter((call) => call.probe);
  if (probes.length > 0) return { calls: probes };
  // An answer that nothing asked for: the old request must not run a second time because of it.
  if (open.at(-1)?.used === false) return { stray: true };
  if (unique.length > 0) return { calls: unique };
  return { say: states.flatMap((state) => (state.kind === 'done' ? [state.ending.text] : [])).join('\n\n') };
}

function replay(
  request: Request,
  previous: State | undefined,
  results: ReadonlyMap<string, Result>,
  open: { slot: Slot; text: string; used: boolean }[],
  canCall: (tool: string) => boolean,
): State {
  const plan = request.plan();
  let next = plan.next();
  while (!next.done) {
    const effect = next.value;
    if (effect.kind === 'previous') {
      if (previous?.kind !== 'done') return { kind: 'waits' };
      next = plan.next(previous.ending);
    } else if (effect.kind === 'ask') {
      const value = takeAnswer(effect, open);
      if (value === null) return { kind: 'asks', ask: effect };
      next = plan.next(value);
    } else {
      const known =
        results.get(callKey(effect.tool, effect.args)) ?? (canCall(effect.tool) ? null : MISSING_TOOL);
      if (known === null) return { kind: 'needs', call: effect };
      next = plan.next(known);
    }
  }
  return { kind: 'done', ending: next.value };
}

const MISSING_TOOL: Result = { ok: false, code: 'tool_unknown', message: 'I was not given the tool for it.' };

/** The first unused answer to that question which fits; one that does not fit is spent, and it is asked again. */
function takeAnswer(ask: Ask, open: { slot: Slot; text: string; used: boolean }[]): unknown {
  for (const answer of open) {
    if (answer.used || answer.slot !== ask.slot) continue;
    answer.used = true;
    const value = ask.accept(answer.text);
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
