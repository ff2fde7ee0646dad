import type { types } from '@slack/bolt';
import type { AuditRow } from '../../audit/query.ts';
import type { AuditPage } from '../home/read-audit.ts';
import { button, header, note, oneLine, plain, plainSection } from './text.ts';
import { writeUtc } from './when.ts';

/**
 * One event as one line.
 * @param names how members are called, by id, when it says on whose behalf it was; null when that is the reader
 */
export function describeEvent(row: AuditRow, names: AuditPage['names']): string {
  const parts = [
    writeUtc(row.at),
    names === null ? null : oneLine(names.get(row.memberId ?? '') ?? row.memberId ?? row.actor, 120),
    row.type,
    row.outcome,
    row.action,
    row.target === null ? null : oneLine(row.target, 200),
    row.code,
  ];
  return parts
    .filter((part) => part !== null && part !== '')
    .map((part) => oneLine(part ?? '', 240))
    .join(' · ');
}

export function buildAuditTab({ rows, names }: AuditPage, page: number, more: boolean): types.KnownBlock[] {
  const last = rows.at(-1)?.id ?? 0;
  const turn = [
    ...(page > 0 ? [button('Newer', 'audit_newer', 'newer')] : []),
    ...(more ? [button('Older', 'audit_older', String(last))] : []),
  ];
  return [
    header(names === null ? 'What was done for you' : 'What was done in this workspace'),
    ...(rows.length === 0 ? [plainSection('Nothing yet.')] : []),
    ...rows.map((row) =>
      plainSection(
        describeEvent(row, names),
        row.callId === null ? undefined : button('Details', 'audit_detail', row.callId),
      ),
    ),
    ...(turn.length === 0 ? [] : [{ type: 'actions' as const, elements: turn }]),
    note(
      `Page ${page + 1}. Events can be added, never changed.${names === null ? '' : ' You see them as an admin; that you looked is in the audit too.'}`,
    ),
  ];
}

const STORY_ROWS = 90;

/**
 * The whole story of one call.
 * @param names as for {@link describeEvent}
 */
export function buildAuditDetail({ rows, names }: AuditPage): types.ModalView {
  const shown = rows.slice(0, STORY_ROWS);
  const hidden = rows.length - shown.length;
  return {
    type: 'modal',
    title: plain(`Call ${rows[0]?.code ?? ''}`, 24),
    close: plain('Close', 24),
    blocks: [
      ...(rows.length === 0 ? [plainSection('There is nothing about it that you may see.')] : []),
      ...shown.map((row) => plainSection(describeStep(row, names))),
      ...(hidden > 0 ? [note(`and ${hidden} more events`)] : []),
    ],
  };
}

function describeStep(row: AuditRow, names: AuditPage['names']): string {
  const detail = JSON.stringify(row.detail);
  return [
    describeEvent(row, names),
    `by ${oneLine(row.actor, 80)}${row.why === null ? '' : `: ${oneLine(row.why, 300)}`}`,
    ...(detail === '{}' ? [] : [oneLine(detail, 900)]),
  ].join('\n');
}
