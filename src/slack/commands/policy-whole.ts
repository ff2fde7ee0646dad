import { DeskError } from '../../errors.ts';
import { plainSection } from '../blocks/text.ts';
import { findLines, describeLine } from '../blocks/policy-line.ts';
import type { SlackDeps } from '../deps.ts';
import { describeLayer } from '../home/describe-layer.ts';
import { describePolicy } from '../home/describe-policy.ts';
import { placeOf } from '../policy/change.ts';
import { exportPolicy } from '../policy/export.ts';
import { readImport } from '../policy/read-import.ts';
import { say, type CommandInput, type CommandReply } from './command.ts';
import { change, readScope } from './policy-change.ts';

const SHOWN = 40;

/** `rules [org]`: every rule that is not simply the setting of an action, with its name. */
export async function listRules(deps: SlackDeps, { actor, words }: CommandInput): Promise<CommandReply> {
  const { rules } = await describeLayer(deps, actor, readScope(words[1]));
  if (rules.length === 0) return say('There is no rule with conditions here.');
  return {
    text: 'Rules',
    blocks: rules.slice(0, SHOWN).map(({ id, sentence }) => plainSection(`${id}: ${sentence}`)),
  };
}

/** `find WORDS`: actions and rules in which they stand. */
export async function findInPolicy(deps: SlackDeps, { actor, rest }: CommandInput): Promise<CommandReply> {
  const wanted = rest.replace(/^find\s*/i, '').trim();
  if (wanted === '') return say('Write it as /agentdesk policy find WORDS.');
  const { lines } = await describePolicy(deps, actor);
  const layers = [await describeLayer(deps, actor, 'organisation'), await describeLayer(deps, actor, 'mine')];
  const rules = [...new Map(layers.flatMap((layer) => layer.rules).map((rule) => [rule.id, rule])).values()];
  const found = findLines({ lines, rules }, wanted);
  const blocks = [
    ...found.lines.map((line) => plainSection(describeLine(line))),
    ...found.rules.map(({ id, sentence }) => plainSection(`${id}: ${sentence}`)),
  ];
  return blocks.length === 0
    ? say('Nothing here has that.')
    : { text: 'Found', blocks: blocks.slice(0, SHOWN) };
}

/** `remove RULE [org]` */
export async function removeRule(deps: SlackDeps, input: CommandInput): Promise<CommandReply> {
  const [, rule = '', scope] = input.words;
  if (rule === '')
    return say('Write it as /agentdesk policy remove RULE [org]; policy rules lists their names.');
  return change(deps, input, readScope(scope), { kind: 'remove', rule: rule.slice(0, 60) });
}

/** `export [org]` */
export async function sendPolicy(deps: SlackDeps, { actor, words }: CommandInput): Promise<CommandReply> {
  const refused = await deps.directory.checkClicker(actor);
  if (refused instanceof DeskError) return say(refused.message);
  const client = await deps.clients.forWorkspace(actor.workspaceId);
  return say(await exportPolicy(deps, client, actor, readScope(words[1])));
}

/** `import [org] JSON` */
export async function importPolicy(deps: SlackDeps, input: CommandInput): Promise<CommandReply> {
  const [, org, json = ''] = /^import\s+(org\s+)?([\s\S]*)$/i.exec(input.rest) ?? [];
  if (json.trim() === '')
    return say('Write it as /agentdesk policy import [org] JSON, as policy export gives it.');
  const scope = org === undefined ? 'mine' : 'organisation';
  return change(deps, input, scope, readImport(json, placeOf(input.actor, scope).owner));
}
