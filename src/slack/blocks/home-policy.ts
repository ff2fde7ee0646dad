import type { types } from '@slack/bolt';
import type { DecidingRule } from '../../policy/types.ts';
import type { LayerView } from '../home/describe-layer.ts';
import type { PolicyLine } from '../home/describe-policy.ts';
import type { HomeState } from '../home/state.ts';
import { describeLine, findLines } from './policy-line.ts';
import { paginate, type Group } from './policy-pages.ts';
import { buildSelect } from './policy-select.ts';
import { nameProvider } from './policy-words.ts';
import { button, header, note, oneLine, plain, plainSection } from './text.ts';

const MARKS: Readonly<Record<DecidingRule['layer'], string>> = {
  grant: 'Allowed by you for now',
  'built-in': 'Built in',
  organisation: 'Set by your organisation',
  member: 'Set by you',
};

/** Leaves room for what stands above and below a page. */
const MOST_BLOCKS = 80;
const MOST_CHIPS = 5;

/** What the policy says of each action to this member, and what of it they may change; a page at a time. */
export function buildPolicyTab(
  content: { lines: readonly PolicyLine[]; version: string; layer: LayerView },
  { page: wantedPage, find }: Pick<HomeState, 'page' | 'find'>,
): types.KnownBlock[] {
  const { version, layer } = content;
  const { lines, rules } = findLines({ lines: content.lines, rules: layer.rules }, find);
  const services = [...new Set(lines.map(({ action }) => action.service))];
  const groups: Group<types.KnownBlock>[] = services.map((service) => ({
    heading: header(nameProvider(service)),
    items: lines.filter(({ action }) => action.service === service).map((line) => buildAction(line, layer)),
  }));
  if (rules.length > 0) groups.push(buildRules({ ...layer, rules }));
  const pages = paginate(groups, MOST_BLOCKS);
  const page = Math.min(wantedPage, pages.length - 1);
  return [
    header('What I may do for you'),
    ...(layer.isGuest ? [] : [...buildTop(layer), buildSearch(find, layer)]),
    ...(groups.length === 0 ? [note('No action and no rule has that. Empty the search to see all.')] : []),
    ...(pages[page] ?? []),
    ...buildPager(page, pages.length),
    note(
      `Policy version ${oneLine(version, 100)}. The decision on a call is made again each time, by its facts.`,
    ),
  ];
}

function buildTop({ scope, mayEdit, pending, number }: LayerView): types.KnownBlock[] {
  const style = (one: typeof scope): 'primary' | undefined => (one === scope ? 'primary' : undefined);
  const whose =
    scope === 'mine'
      ? 'Your own rules can only make the agent ask more than the organisation’s do.'
      : 'The organisation’s rules hold for everyone.';
  return [
    {
      type: 'actions',
      elements: [
        button('My rules', 'policy_mine', 'mine', style('mine')),
        button('Organisation', 'policy_organisation', 'organisation', style('organisation')),
        button('History', 'policy_history', scope),
      ],
    },
    {
      type: 'actions',
      elements: [
        ...(mayEdit
          ? [button('Say it in words', 'policy_say', scope), button('Add rule', 'policy_add', scope)]
          : []),
        button('Export', 'policy_export', scope),
        ...(mayEdit ? [button('Import…', 'policy_import', scope)] : []),
      ],
    },
    note(
      `${whose} ${mayEdit ? '' : 'Only admins change them. '}${number === 0 ? 'Nothing is set here yet.' : `This is version ${number}.`}`,
    ),
    ...pending.slice(0, 3).map((sentence) => note(oneLine(sentence, 500))),
  ];
}

/** Its block is another each time it is drawn, so that what Slack shows is what is looked for. */
function buildSearch(find: string, { drawn }: LayerView): types.InputBlock {
  return {
    type: 'input',
    block_id: `find_${drawn}`,
    optional: true,
    dispatch_action: true,
    label: plain('Find an action or a rule', 150),
    element: {
      type: 'plain_text_input',
      action_id: 'policy_find',
      max_length: 60,
      placeholder: plain('Such as mail, or issues; then press Enter', 150),
      dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
      ...(find === '' ? {} : { initial_value: find }),
    },
  };
}

function buildAction(line: PolicyLine, layer: LayerView): types.KnownBlock[] {
  const { id } = line.action;
  const choice = layer.mayEdit ? buildSelect(id, layer) : null;
  const section = plainSection(`${describeLine(line)}\n${MARKS[line.usual.layer]}`);
  const chips = layer.rules.filter(({ actions }) => actions.includes(id));
  const hidden = chips.length - MOST_CHIPS;
  return [
    choice === null ? section : { ...section, block_id: choice.blockId, accessory: choice.select },
    ...(chips.length === 0
      ? []
      : [
          {
            type: 'context' as const,
            elements: [
              ...chips.slice(0, MOST_CHIPS).map(({ sentence }) => plain(oneLine(sentence, 300), 320)),
              ...(hidden > 0 ? [plain(`and ${hidden} more rules`, 75)] : []),
            ],
          },
        ]),
  ];
}

function buildRules({ rules, mayEdit, scope }: LayerView): Group<types.KnownBlock> {
  return {
    heading: header(
      scope === 'mine' ? 'Your rules with conditions' : 'The organisation’s rules with conditions',
    ),
    items: rules.map(({ id, sentence, note: words, canEdit }) => [
      plainSection(`${oneLine(sentence, 1_000)}${words === '' ? '' : `\n“${oneLine(words, 500)}”`}`),
      ...(mayEdit
        ? [
            {
              type: 'actions' as const,
              elements: [
                ...(canEdit ? [button('Change…', 'policy_edit', `${scope} ${id}`)] : []),
                button('Remove…', 'policy_remove', `${scope} ${id}`),
              ],
            },
          ]
        : []),
    ]),
  };
}

function buildPager(page: number, pages: number): types.KnownBlock[] {
  if (pages === 1) return [];
  const elements = [
    ...(page > 0 ? [button('Previous page', 'policy_previous', String(page - 1))] : []),
    ...(page < pages - 1 ? [button('Next page', 'policy_next', String(page + 1))] : []),
  ];
  return [{ type: 'actions', elements }, note(`Page ${page + 1} of ${pages}`)];
}
