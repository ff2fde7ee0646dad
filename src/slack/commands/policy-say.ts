import { DeskError } from '../../errors.ts';
import { describeReplay } from '../../policy/replay/replay-candidate.ts';
import * as rich from '../blocks/rich.ts';
import { button, note, oneLine, plainSection } from '../blocks/text.ts';
import type { SlackDeps } from '../deps.ts';
import type { Scope, Wish } from '../policy/change.ts';
import { checkEditor } from '../policy/editor.ts';
import { previewChange } from '../policy/preview.ts';
import { readSaid } from '../policy/say.ts';
import { tryChange } from '../policy/trial.ts';
import { say, type CommandInput, type CommandReply } from './command.ts';

/** Slack keeps so much with a button. */
const MOST_KEPT = 2_000;

/** `say [org] SENTENCE`: shows the rule that a sentence makes; its button leads to the form that saves it. */
export async function sayPolicy(deps: SlackDeps, input: CommandInput): Promise<CommandReply> {
  const [, org, text = ''] = /^say\s+(org\s+)?([\s\S]*)$/i.exec(input.rest) ?? [];
  if (text.trim() === '')
    return say(
      'Write it as /agentdesk policy say [org] SENTENCE, such as: policy say Ask before sending mail.',
    );
  return show(deps, input, org === undefined ? 'mine' : 'organisation', text, null);
}

/** `change [org] RULE SENTENCE`: the same, for a rule that is there already. */
export async function sayChange(deps: SlackDeps, input: CommandInput): Promise<CommandReply> {
  const [, org, id = '', text = ''] = /^change\s+(org\s+)?(\S+)\s+([\s\S]+)$/i.exec(input.rest) ?? [];
  if (text.trim() === '')
    return say('Write it as /agentdesk policy change [org] RULE SENTENCE; policy rules lists their names.');
  return show(deps, input, org === undefined ? 'mine' : 'organisation', text, id.slice(0, 60));
}

/** @param id of the rule that it takes the place of; null for a new one */
async function show(
  deps: SlackDeps,
  { actor }: CommandInput,
  scope: Scope,
  text: string,
  id: string | null,
): Promise<CommandReply> {
  const author = await checkEditor(deps, actor, scope);
  if (author instanceof DeskError) return say(author.message);
  const said = await readSaid(deps, actor.workspaceId, scope, text);
  if (said.rule === null) return say(said.tell, 'Nothing was saved. Say it again.');
  const rule = id === null ? said.rule : { ...said.rule, id };
  const wish: Wish = id === null ? { kind: 'add', rule, isSaid: true } : { kind: 'edit', id, rule };
  const found = await previewChange(deps, actor, scope, wish);
  const value = JSON.stringify({ scope, id, rule });
  if (value.length > MOST_KEPT) return say('This is too much for one rule here. Use App Home, Policy.');
  const trial = await tryChange(deps, actor, found);
  return {
    text: said.sentence,
    blocks: [
      plainSection(`I understand: ${oneLine(said.sentence, 1_000)}`),
      rich.richText(rich.preformatted(said.cedar)),
      note(typeof trial === 'string' ? 'It could not be tried on the past.' : describeReplay(trial)),
      note('Nothing is saved yet.'),
      { type: 'actions', elements: [button('Look at it and save…', 'policy_said', value, 'primary')] },
    ],
  };
}
