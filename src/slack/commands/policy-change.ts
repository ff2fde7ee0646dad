import { DeskError } from '../../errors.ts';
import type { RuleOutcome } from '../../policy/rules/types.ts';
import { listVersions, readHead } from '../../policy/versions/read.ts';
import { describeVersion } from '../blocks/policy-history.ts';
import type { SlackDeps } from '../deps.ts';
import { placeOf, type Scope, type Wish } from '../policy/change.ts';
import { checkEditor } from '../policy/editor.ts';
import { previewChange } from '../policy/preview.ts';
import { describeSaved, saveChange } from '../policy/save.ts';
import { say, type CommandInput, type CommandReply } from './command.ts';
import { findNearest } from './nearest.ts';

const OUTCOMES: Readonly<Record<string, RuleOutcome | null>> = {
  ask: 'approve',
  phone: 'approve_strong',
  never: 'deny',
  default: null,
};
const USAGE = 'Write it as /agentdesk policy set ACTION ask|phone|never|default [org].';
const SHOWN = 10;

/** `set ACTION ask|phone|never|default [org]` */
export async function setPolicy(deps: SlackDeps, input: CommandInput): Promise<CommandReply> {
  const [, action = '', word = '', scope] = input.words;
  const known = deps.policy.catalog.map(({ id }) => id);
  const id = known.find((one) => one.toLowerCase() === action.toLowerCase());
  const outcome = Object.hasOwn(OUTCOMES, word.toLowerCase()) ? OUTCOMES[word.toLowerCase()] : undefined;
  if (action === '' || (id !== undefined && outcome === undefined)) return say(USAGE);
  if (id === undefined || outcome === undefined) {
    const near = findNearest(action, known);
    return say(
      `I know no action ${action.slice(0, 60)}.${near === null ? ' See /agentdesk policy.' : ` Did you mean ${near}?`}`,
    );
  }
  return change(deps, input, readScope(scope), { kind: 'set', action: id, outcome });
}

/** `rollback N [org]` */
export async function rollBackPolicy(deps: SlackDeps, input: CommandInput): Promise<CommandReply> {
  const [, number = '', scope] = input.words;
  if (!/^\d{1,6}$/.test(number)) return say('Write it as /agentdesk policy rollback NUMBER [org].');
  return change(deps, input, readScope(scope), { kind: 'rollback', number: Number(number) });
}

/** `history [org]` */
export async function showHistory(deps: SlackDeps, { actor, words }: CommandInput): Promise<CommandReply> {
  const scope = readScope(words[1]);
  const refused = scope === 'organisation' ? await deps.directory.checkClicker(actor) : null;
  if (refused !== null) return say(refused.message);
  const place = placeOf(actor, scope);
  const { database } = deps.policy;
  const [head, versions] = [
    await readHead(database.db, place),
    await listVersions(database.db, place, { limit: SHOWN }),
  ];
  if (versions.length === 0) return say('Nothing was ever changed here.');
  return {
    text: 'History of the policy',
    blocks: versions.flatMap((version) => describeVersion(version, head.number, null)),
  };
}

/** Only what a person typed themselves leads here; what loosens waits for its approval all the same. */
export async function change(
  deps: SlackDeps,
  { actor }: CommandInput,
  scope: Scope,
  wish: Wish,
): Promise<CommandReply> {
  const author = await checkEditor(deps, actor, scope);
  if (author instanceof DeskError) return say(author.message);
  const preview = await previewChange(deps, actor, scope, wish);
  return say(describeSaved(await saveChange(deps, actor, preview.change, author)));
}

export function readScope(word: string | undefined): Scope {
  return word?.toLowerCase() === 'org' ? 'organisation' : 'mine';
}
