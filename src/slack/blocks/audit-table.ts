import type { types } from '@slack/bolt';
import type { AuditPage } from '../home/read-audit.ts';
import { describeFilter } from './audit-top.ts';
import { dayOf, writeClock } from './audit-when.ts';
import { capital, describeVerdict, describeWhat, namePerson } from './audit-words.ts';
import { describeLine } from './home-audit.ts';
import { escapeMrkdwn, note, oneLine } from './text.ts';

const PAGE = 10;
/** Characters Slack takes in all cells of a message; some are kept for the headings. */
const MOST_CHARACTERS = 9_000;

/** The timeline as a table that pages by itself; rows that would not fit are left to the text. */
export function buildAuditTable(page: AuditPage, more: string): types.KnownBlock[] {
  const { lines, reader, filter } = page;
  const cell = (text: string, max: number): types.RawTextElement => ({
    type: 'raw_text',
    text: oneLine(text === '' ? '–' : text, max),
  });
  const head = ['When', ...(reader.isAdmin ? ['For'] : []), 'What', 'Decision', 'Code'];
  const rows: types.RawTextElement[][] = [];
  let characters = 0;
  for (const line of lines) {
    const { at, memberId, code } = line.head;
    const row = [
      cell(`${dayOf(at, reader.zone)} ${writeClock(at, reader.zone)}`, 20),
      ...(reader.isAdmin ? [cell(memberId === null ? '' : namePerson(memberId, reader), 80)] : []),
      cell(capital(describeWhat(line, reader)), 260),
      cell(describeVerdict(line, reader), 240),
      cell(code ?? '', 16),
    ];
    characters += row.reduce((sum, { text }) => sum + text.length, 0);
    if (characters > MOST_CHARACTERS) break;
    rows.push(row);
  }
  const only = describeFilter(filter, reader);
  const missing = rows.length < lines.length ? `${lines.length - rows.length} more did not fit.` : '';
  const below = [only === '' ? '' : `Only: ${only}.`, missing, more].filter((part) => part !== '').join(' ');
  return [
    {
      type: 'data_table',
      caption: reader.isAdmin ? 'What was done in this workspace' : 'What was done for you',
      page_size: PAGE,
      row_header_column_index: 0,
      rows: [head.map((text) => cell(text, 20)), ...rows],
    },
    note(`${below} /agentdesk audit CODE tells the story of one.`.trim()),
  ];
}

/** The same as text, for where a table is not shown. */
export function listAsText({ lines, reader }: AuditPage, more: string): string {
  const told: string[] = [];
  let length = 0;
  for (const line of lines) {
    const text = `• ${dayOf(line.head.at, reader.zone)} ${describeLine(line, reader)}`;
    const escaped = escapeMrkdwn(oneLine(text, 300));
    length += escaped.length + 1;
    if (length > 2_800) break;
    told.push(escaped);
  }
  return [...told, ...(more === '' ? [] : [more])].join('\n');
}
