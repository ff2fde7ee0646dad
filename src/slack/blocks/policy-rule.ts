import type { types } from '@slack/bolt';
import { describePattern } from '../../policy/rules/action-words.ts';
import type { CatalogEntry } from '../../policy/types.ts';
import { WEEKDAYS, type RuleAbout } from '../policy/rule-form.ts';
import type { RuleState } from '../policy/rule-state.ts';
import { nameOutcome } from './policy-words.ts';
import { createInputs, type Choice } from './rule-inputs.ts';
import { header, oneLine, plain, plainSection } from './text.ts';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MOST_OPTIONS = 100;
const DOMAINS = 'Such as acme.com, acme.org';

/**
 * A rule as a form. All its conditions must hold; what is left empty does not matter.
 * @param sentence what the rule means so far
 */
export function buildRuleForm(
  about: RuleAbout,
  catalog: readonly CatalogEntry[],
  state: RuleState,
  sentence: string,
): types.ModalView {
  const { scope, id } = about;
  const { one, many, text, number } = createInputs(state);
  const outcomes = (['approve', 'approve_strong', 'deny'] as const).map((outcome): Choice => [
    nameOutcome(outcome, scope),
    outcome,
  ]);
  const isOrganisation = scope === 'organisation';
  return {
    type: 'modal',
    callback_id: 'policy_rule',
    title: plain(id === null ? 'Add a rule' : 'Change a rule', 24),
    submit: plain('Next', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify(about),
    blocks: [
      plainSection(`${isOrganisation ? 'For everyone' : 'For you alone'}: ${oneLine(sentence, 1_000)}`),
      many('actions', 'Actions', listActionChoices(catalog), false),
      one('outcome', 'What is done', outcomes, false),
      header('Only when…'),
      many('recipients', 'A recipient is', [
        ['outside the organisation', 'external'],
        ['written to for the first time', 'first_time'],
      ]),
      text('recipient_outside', 'A recipient is outside these domains', DOMAINS),
      text('recipient_at', 'A recipient is at one of these domains', DOMAINS),
      number('recipient_count', 'There are more recipients than', 2_000),
      number('guest_count', 'There are more guests than', 2_000),
      many(
        'weekdays',
        'It is one of these days',
        WEEKDAYS.map((day, index): Choice => [DAYS[index] ?? day, day]),
      ),
      number('from', 'It is this hour or later (0 to 23)', 23),
      number('to', 'It is before this hour (1 to 24)', 24),
      text('repository', 'It is in one of these repositories', 'owner/name, or owner/* for all of an owner'),
      one('visibility', 'The repository is', [['public', 'public'], ['private', 'private'], ['internal', 'internal']]),
      text('labels', 'It has one of these labels', 'With commas between them'),
      many('calendar_shared', 'The calendar', [['can be read by others', 'yes']]),
      many('provenance', 'A target comes from', [
        ['content that was fetched', 'fetched'],
        ['the agent itself', 'agent'],
      ]),
      one('surface', 'It is asked in', [['a direct message', 'dm'], ['a channel', 'channel']]),
      text('account_outside', 'The account is outside these domains', DOMAINS),
      text('account_at', 'The account is of one of these domains', DOMAINS),
      header('Only for…'),
      ...(isOrganisation
        ? [
            many('roles', 'People who are', [['admins', 'admin'], ['members', 'member'], ['guests', 'guest']]),
            text('groups', 'People in these user groups', 'Ids such as S0123ABC; Slack shows them under the group'),
          ]
        : []),
      text('agents', 'These agents', 'Names; empty is every agent'),
      text('note', 'A note', 'Your own words, kept with the rule'),
    ], // prettier-ignore
  };
}

/** Groups of actions first, since they hold for what comes later too. */
function listActionChoices(catalog: readonly CatalogEntry[]): Choice[] {
  const services = [...new Set(catalog.map(({ service }) => `service:${service}`))];
  const groups = ['*', 'risk:read', 'risk:write', 'risk:delete', ...services];
  return [
    ...groups.map((pattern): Choice => [`${describePattern(pattern).plain} (all)`, pattern]),
    ...catalog.map(({ id }): Choice => [id, id]),
  ].slice(0, MOST_OPTIONS);
}
