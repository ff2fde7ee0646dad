import { listEvents } from '../../audit/query.ts';
import { readCode } from '../../calls/digest.ts';
import { describeEvent } from '../blocks/home-audit.ts';
import { describeLine } from '../blocks/home-policy.ts';
import { plainSection } from '../blocks/text.ts';
import { describePolicy } from '../home/describe-policy.ts';
import { say, type Command } from './command.ts';

const USUAL = 10;
const MOST = 40;

export const audit: Command = {
  usage: 'audit [n|CODE]',
  about: 'what was done for you lately, or all about one call',
  async run(deps, { actor, words: [word] }) {
    const { workspaceId, memberId } = actor;
    const count = word === undefined ? USUAL : /^\d{1,3}$/.test(word) ? Number(word) : null;
    const filter = { workspaceId, memberId, ...(count === null ? { code: readCode(word ?? '') } : {}) };
    const limit = Math.min(MOST, Math.max(1, count ?? MOST));
    const rows = await listEvents(deps.calls.database, { ...filter, limit });
    if (rows.length === 0)
      return say(count === null ? 'There is nothing of yours under that code.' : 'Nothing yet.');
    return { text: 'Audit', blocks: rows.map((row) => plainSection(describeEvent(row))) };
  },
};

export const policy: Command = {
  usage: 'policy',
  about: 'what I may do at once and what I must ask',
  async run(deps, { actor }) {
    const { version, lines } = await describePolicy(deps, actor);
    const shown = lines.slice(0, MOST).map((line) => plainSection(describeLine(line)));
    return { text: 'Policy', blocks: [...shown, plainSection(`Policy version ${version}`)] };
  },
};
