import type { types } from '@slack/bolt';
import type { AuditFilter, OutcomeFilter } from '../../audit/read/filter.ts';
import { isFiltered } from '../home/audit-filter.ts';
import type { Reader } from '../home/read-audit.ts';
import { namePerson } from './audit-words.ts';
import { nameProvider } from './policy-words.ts';
import { button, note, oneLine, plain } from './text.ts';

export const OUTCOME_WORDS: Readonly<Record<OutcomeFilter, string>> = {
  done: 'Done',
  failed: 'Failed',
  unknown: 'Not known whether it happened',
  asked: 'Asked about',
  allowed: 'Allowed by the policy',
  denied: 'Denied',
  expired: 'Ran out of time',
  cancelled: 'Cancelled or replaced',
  refused: 'Refused clicks, calls and changes',
  read: 'Who read the audit',
};

/** What is shown, and what to choose it by. @param drawn makes each drawing's inputs new to Slack */
export function buildAuditTop(filter: AuditFilter, reader: Reader, drawn: string): types.KnownBlock[] {
  const day = filter.from !== undefined && filter.from === filter.to ? filter.from : undefined;
  const chooseDay: types.Datepicker = {
    type: 'datepicker',
    action_id: 'audit_day',
    placeholder: plain('Any day', 150),
    ...(day === undefined ? {} : { initial_date: day }),
  };
  const chooseMember: types.UsersSelect = {
    type: 'users_select',
    action_id: 'audit_member',
    placeholder: plain('Anyone', 150),
    ...(filter.member === undefined ? {} : { initial_user: filter.member }),
  };
  const isNarrow = isFiltered(filter);
  return [
    {
      type: 'actions',
      block_id: `audit_${drawn}`,
      elements: [
        chooseDay,
        ...(reader.isAdmin ? [chooseMember] : []),
        button('More filters', 'audit_filter', 'filter'),
        ...(isNarrow ? [button('Clear', 'audit_clear', 'clear')] : []),
        button('Save as CSV', 'audit_csv', 'csv'),
        button('Save as JSONL', 'audit_jsonl', 'jsonl'),
      ],
    },
    ...(isNarrow ? [note(`Only: ${describeFilter(filter, reader)}`)] : []),
  ];
}

/** A filter in words: "for Ben Okri, on 2026-11-17, Gmail". */
export function describeFilter(filter: AuditFilter, reader: Reader): string {
  const { service, action, outcome, member, agent, from, to, text, code } = filter;
  const days =
    from !== undefined && from === to
      ? `on ${from}`
      : [from === undefined ? '' : `from ${from}`, to === undefined ? '' : `to ${to}`].join(' ').trim();
  const parts = [
    member === undefined ? '' : `for ${namePerson(member, reader)}`,
    days,
    service === undefined ? '' : nameProvider(service),
    action ?? '',
    outcome === undefined ? '' : OUTCOME_WORDS[outcome],
    agent === undefined ? '' : `agent ${agent}`,
    text === undefined ? '' : `with “${text}”`,
    code === undefined ? '' : `code ${code}`,
  ];
  return oneLine(parts.filter((part) => part !== '').join(', '), 500);
}
