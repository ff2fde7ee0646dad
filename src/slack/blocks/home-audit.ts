import type { types } from '@slack/bolt';
import type { AuditLine } from '../../audit/read/lines.ts';
import type { AuditPage, Reader } from '../home/read-audit.ts';
import { buildAuditTop } from './audit-top.ts';
import { dayOf, writeClock, writeDay } from './audit-when.ts';
import { capital, describeVerdict, describeWhat, namePerson } from './audit-words.ts';
import * as rich from './rich.ts';
import { button, header, note, plainSection } from './text.ts';

/** One entry as one line: when, for whom (to an admin), what, how it was decided, its code. */
export function describeLine(line: AuditLine, reader: Reader): string {
  const { head } = line;
  const parts = [
    writeClock(head.at, reader.zone),
    reader.isAdmin && head.memberId !== null && head.memberId !== reader.memberId
      ? `for ${namePerson(head.memberId, reader)}`
      : '',
    describeWhat(line, reader),
    describeVerdict(line, reader),
    head.code ?? '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** The timeline, a page of it. @param drawn differs each time, so that Slack shows what is chosen and not what was */
export function buildAuditTab(
  page: AuditPage & { readonly drawn: string },
  number: number,
): types.KnownBlock[] {
  const { lines, more, cutShort, reader, filter } = page;
  const last = lines.at(-1)?.head.id ?? 0;
  const turn = [
    ...(number > 0 ? [button('Newer', 'audit_newer', 'newer')] : []),
    ...(more ? [button('Older', 'audit_older', String(last))] : []),
  ];
  return [
    header(reader.isAdmin ? 'What was done in this workspace' : 'What was done for you'),
    ...buildAuditTop(filter, reader, page.drawn),
    ...(lines.length === 0 ? [plainSection('Nothing here.')] : []),
    ...lines.flatMap((line, index) => buildLine(line, lines[index - 1], reader)),
    ...(turn.length === 0 ? [] : [{ type: 'actions' as const, elements: turn }]),
    ...(cutShort
      ? [note('The text was looked for in the newest 20,000 entries. Choose days to look further back.')]
      : []),
    note(
      `Page ${number + 1}. Entries can be added, never changed.${reader.isAdmin ? ' You see those of others as an admin; that you looked is in the audit too.' : ''}`,
    ),
  ];
}

function buildLine(line: AuditLine, above: AuditLine | undefined, reader: Reader): types.KnownBlock[] {
  const { head } = line;
  const isNewDay = above === undefined || dayOf(above.head.at, reader.zone) !== dayOf(head.at, reader.zone);
  const section = plainSection(
    capital(describeLine(line, reader)),
    button('Story', 'audit_story', String(head.id)),
  );
  return isNewDay
    ? [rich.richText(rich.section(...rich.words(writeDay(head.at, reader.zone), { bold: true }))), section]
    : [section];
}
