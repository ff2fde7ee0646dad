import { readCode } from '../../approvals/code.ts';
import { listGrants } from '../../policy/grants/query.ts';
import { revoke } from '../actions/grant.ts';
import { oneLine } from '../blocks/text.ts';
import { say, type Command } from './command.ts';

const SHOWN = 20;

export const grants: Command = {
  usage: 'grants [revoke CODE]',
  about: 'what you allowed to be done again without asking',
  async run(deps, { actor, words: [verb, ...rest] }) {
    if (verb?.toLowerCase() === 'revoke')
      return say(await revoke(deps, actor, { code: readCode(rest.join('')) }));
    if (verb !== undefined) return say('Write it as /agentdesk grants, or /agentdesk grants revoke CODE.');
    const mine = await listGrants(deps.calls.database.db, actor, SHOWN);
    if (mine.length === 0)
      return say('You allowed nothing in advance. “Allow this again…” is on cards that are done.');
    return say(
      ...mine.map(
        ({ code, sentence, uses, maxUses }) =>
          `• ${code} – ${oneLine(sentence, 300)} Used ${uses} of ${maxUses}.`,
      ),
      'End one with /agentdesk grants revoke CODE.',
    );
  },
};
