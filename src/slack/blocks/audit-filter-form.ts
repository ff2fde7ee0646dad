import type { types } from '@slack/bolt';
import { OUTCOMES, type AuditFilter } from '../../audit/read/filter.ts';
import type { CatalogAction } from '../deps.ts';
import { OUTCOME_WORDS } from './audit-top.ts';
import { nameProvider } from './policy-words.ts';
import { plain } from './text.ts';

const MOST_OPTIONS = 100;

/** Every filter of the timeline as a form; what is left empty does not matter. */
export function buildFilterForm(
  filter: AuditFilter,
  catalog: readonly CatalogAction[],
  isAdmin: boolean,
): types.ModalView {
  const services = [...new Set(catalog.map(({ service }) => service))];
  return {
    type: 'modal',
    callback_id: 'audit_filter',
    title: plain('Filter the audit', 24),
    submit: plain('Show', 24),
    close: plain('Cancel', 24),
    blocks: [
      ...(isAdmin
        ? [
            input('member', 'For whom', {
              type: 'users_select',
              action_id: 'value',
              ...(filter.member === undefined ? {} : { initial_user: filter.member }),
            }),
          ]
        : []),
      input('from', 'From the day', day(filter.from)),
      input('to', 'To the day', day(filter.to)),
      input(
        'service',
        'Service',
        select(
          services.map((id) => [nameProvider(id), id]),
          filter.service,
        ),
      ),
      input(
        'action',
        'Action',
        select(
          catalog.map(({ id }) => [id, id]),
          filter.action,
        ),
      ),
      input(
        'outcome',
        'How it went',
        select(
          OUTCOMES.map((id) => [OUTCOME_WORDS[id], id]),
          filter.outcome,
        ),
      ),
      input('text', 'With the words', words(filter.text, 80)),
      input('code', 'Code', words(filter.code, 16)),
      input('agent', 'Agent', words(filter.agent, 60)),
    ],
  };
}

function input(id: string, label: string, element: types.InputBlock['element']): types.InputBlock {
  return { type: 'input', block_id: id, optional: true, label: plain(label, 150), element };
}

function day(value: string | undefined): types.Datepicker {
  return { type: 'datepicker', action_id: 'value', ...(value === undefined ? {} : { initial_date: value }) };
}

function words(value: string | undefined, max: number): types.PlainTextInput {
  return {
    type: 'plain_text_input',
    action_id: 'value',
    max_length: max,
    ...(value === undefined ? {} : { initial_value: value }),
  };
}

function select(
  choices: readonly (readonly [string, string])[],
  chosen: string | undefined,
): types.StaticSelect {
  const options = choices.slice(0, MOST_OPTIONS).map(([text, value]) => ({ text: plain(text, 75), value }));
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: 'static_select',
    action_id: 'value',
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
}
