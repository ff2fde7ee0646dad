import { describeLine } from '../blocks/home-policy.ts';
import { plainSection } from '../blocks/text.ts';
import { describePolicy } from '../home/describe-policy.ts';
import type { Command } from './command.ts';
import { rollBackPolicy, setPolicy, showHistory } from './policy-change.ts';

const MOST = 40;

export const policy: Command = {
  usage: 'policy [set ACTION ask|phone|never|default | history | rollback N] [org]',
  about: 'what I may do at once and what I must ask; change it',
  async run(deps, input) {
    const { actor, words } = input;
    const word = words[0]?.toLowerCase();
    if (word === 'set') return setPolicy(deps, input);
    if (word === 'history') return showHistory(deps, input);
    if (word === 'rollback') return rollBackPolicy(deps, input);
    const { version, lines } = await describePolicy(deps, actor);
    const shown = lines.slice(0, MOST).map((line) => plainSection(describeLine(line)));
    return { text: 'Policy', blocks: [...shown, plainSection(`Policy version ${version}`)] };
  },
};
