import { describeLine } from '../blocks/policy-line.ts';
import { plainSection } from '../blocks/text.ts';
import { describePolicy } from '../home/describe-policy.ts';
import type { Command } from './command.ts';
import { rollBackPolicy, setPolicy, showHistory } from './policy-change.ts';
import { reviewPolicy } from './policy-review.ts';
import { sayChange, sayPolicy } from './policy-say.ts';
import { findInPolicy, importPolicy, listRules, removeRule, sendPolicy } from './policy-whole.ts';

const MOST = 40;
const TASKS: Readonly<Record<string, Command['run']>> = {
  say: sayPolicy,
  change: sayChange,
  set: setPolicy,
  rules: listRules,
  find: findInPolicy,
  remove: removeRule,
  history: showHistory,
  rollback: rollBackPolicy,
  review: reviewPolicy,
  export: sendPolicy,
  import: importPolicy,
};

export const policy: Command = {
  usage:
    'policy [say [org] SENTENCE | change [org] RULE SENTENCE | set ACTION ask|phone|never|default | rules | find WORDS | remove RULE | history | rollback N | review N | export | import [org] JSON] [org]',
  about: 'what I may do at once and what I must ask; change it',
  async run(deps, input) {
    const { actor, words } = input;
    const word = words[0]?.toLowerCase() ?? '';
    if (Object.hasOwn(TASKS, word)) return (TASKS[word] ?? showHistory)(deps, input);
    const { version, lines } = await describePolicy(deps, actor);
    const shown = lines.slice(0, MOST).map((line) => plainSection(describeLine(line)));
    return { text: 'Policy', blocks: [...shown, plainSection(`Policy version ${version}`)] };
  },
};
