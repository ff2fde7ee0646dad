import { readCode } from '../../approvals/code.ts';
import { describeEvent } from '../blocks/home-audit.ts';
import { plainSection } from '../blocks/text.ts';
import { readAudit, recordAuditRead, showsOthers } from '../home/read-audit.ts';
import { say, type Command } from './command.ts';

const USUAL = 10;
const MOST = 40;

export const audit: Command = {
  usage: 'audit [n|CODE]',
  about: 'what was done for you lately (admins: in the workspace), or all about one call',
  async run(deps, { actor, words: [word] }) {
    const count = word === undefined ? USUAL : /^\d{1,3}$/.test(word) ? Number(word) : null;
    const code = count === null ? readCode(word ?? '') : null;
    const limit = Math.min(MOST, Math.max(1, count ?? MOST));
    const { rows, names } = await readAudit(deps, actor, { limit, ...(code === null ? {} : { code }) });
    if (rows.length === 0) {
      const whose = names === null ? ' of yours' : '';
      return say(code === null ? 'Nothing yet.' : `There is nothing${whose} under that code.`);
    }
    if (showsOthers(actor, rows)) {
      const call = code === null ? null : { id: rows[0]?.callId ?? null, code };
      await recordAuditRead(deps, actor, 'command', call);
    }
    return { text: 'Audit', blocks: rows.map((row) => plainSection(describeEvent(row, names))) };
  },
};
