import type { types } from '@slack/bolt';
import type { AuditRow } from '../../audit/query.ts';
import { button, header, note, oneLine, plain, plainSection } from './text.ts';
import { writeUtc } from './when.ts';

/** One event as one line. */
export function describeEvent(row: AuditRow): string {
  const parts = [
    writeUtc(row.at),
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

export function buildAuditTab(rows: readonly AuditRow[], page: number, more: boolean): types.KnownBlock[] {
  const last = rows.at(-1)?.id ?? 0;
  const turn = [
    ...(page > 0 ? [button('Newer', 'audit_newer', 'newer')] : []),
    ...(more ? [button('Older', 'audit_older', String(last))] : []),
  ];
  return [
    header('What was done for you'),
    ...(rows.length === 0 ? [plainSection('Nothing yet.')] : []),
    ...rows.map((row) =>
      plainSection(
        describeEvent(row),
        row.callId === null ? undefined : button('Details', 'audit_detail', row.callId),
      ),
    ),
    ...(turn.length === 0 ? [] : [{ type: 'actions' as const, elements: turn }]),
    note(`Page ${page + 1}. Events can be added, never changed.`),
  ];
}

const STORY_ROWS = 90;

/** The whole story of one call. */
export function buildAuditDetail(rows: readonly AuditRow[]): types.ModalView {
  const shown = rows.slice(0, STORY_ROWS);
  const hidden = rows.length - shown.length;
  return {
    type: 'modal',
    title: plain(`Call ${rows[0]?.code ?? ''}`, 24),
    close: plain('Close', 24),
    blocks: [
      ...(rows.length === 0 ? [plainSection('There is nothing about it that you may see.')] : []),
      ...shown.map((row) => plainSection(describeStep(row))),
      ...(hidden > 0 ? [note(`and ${hidden} more events`)] : []),
    ],
  };
}

function describeStep(row: AuditRow): string {
  const detail = JSON.stringify(row.detail);
  return [
    `${describeEvent(row)}`,
    `by ${oneLine(row.actor, 80)}${row.why === null ? '' : `: ${oneLine(row.why, 300)}`}`,
    ...(detail === '{}' ? [] : [oneLine(detail, 900)]),
  ].join('\n');
}
