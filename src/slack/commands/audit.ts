import { buildStoryBlocks } from '../blocks/audit-story.ts';
import { buildAuditTable, listAsText } from '../blocks/audit-table.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { isFiltered } from '../home/audit-filter.ts';
import { readStoryFor, readTimeline, showsOthers, type AuditPage } from '../home/read-audit.ts';
import { recordAuditRead } from '../home/record-read.ts';
import { readAuditWords } from './audit-words.ts';
import { say, type Command, type CommandReply } from './command.ts';

/** A message takes 50 blocks. */
const STORY_BLOCKS = 50;

export const audit: Command = {
  usage: 'audit [n] [CODE] [for @member] [on:|from:|to:DAY] [service:|action:|outcome:|agent:…] [words]',
  about: 'what was done for you (admins: in the workspace), or the story of one call',
  async run(deps, { actor, words }) {
    const typed = readAuditWords(words);
    if (typed.kind === 'wrong')
      return say(
        `I cannot look for “${typed.word.slice(0, 60)}”. Days are written 2026-11-17; outcomes are done, failed, unknown, asked, allowed, denied, expired, cancelled, refused and read.`,
      );
    const page = await readTimeline(deps, actor, typed.filter, { place: null, limit: typed.count });
    if (page.lines.length === 0) {
      if (!isFiltered(typed.filter)) return say('Nothing yet.');
      const whose = page.reader.isAdmin ? '' : ' of yours';
      return say(`There is nothing${whose} under that.`);
    }
    const isStory = typed.filter.code !== undefined;
    if (showsOthers(actor, page.lines)) {
      const { callId = null, code = '' } = page.lines[0]?.head ?? {};
      await recordAuditRead(deps, actor, 'command', {
        filter: typed.filter,
        call: isStory ? { id: callId, code: code ?? '' } : null,
      });
    }
    return isStory ? tellStory(deps, actor, page) : tellLines(page);
  },
};

function tellLines(page: AuditPage): CommandReply {
  const more = page.more ? 'There is more: give a larger number, filters, or open the Audit tab.' : '';
  return { text: listAsText(page, more), blocks: buildAuditTable(page, more) };
}

/** The story in the message itself; without its blocks, the lines. */
async function tellStory(deps: SlackDeps, actor: Actor, page: AuditPage): Promise<CommandReply> {
  // The oldest of the lines that have the code is where the story begins.
  const head = page.lines.at(-1)?.head.id ?? 0;
  const told = await readStoryFor(deps, actor, head);
  const text = listAsText(page, '');
  return told === null
    ? { text }
    : { text, blocks: buildStoryBlocks(told.story, told.reader).slice(0, STORY_BLOCKS) };
}
