import type { types } from '@slack/bolt';
import type { LayerName, Outcome } from '../../policy/types.ts';
import type { LayerView } from '../home/describe-layer.ts';
import type { PolicyLine, Verdict } from '../home/describe-policy.ts';
import { paginate, type Group } from './policy-pages.ts';
import { buildSelect } from './policy-select.ts';
import { nameProvider } from './policy-words.ts';
import { button, header, note, oneLine, plain, plainSection } from './text.ts';

const WORDS: Readonly<Record<Outcome, string>> = {
  allow: 'done at once',
  approve: 'needs your approval',
  approve_strong: 'needs your approval on a second device',
  deny: 'never done',
};
const MARKS: Readonly<Record<LayerName, string>> = {
  'built-in': 'Built in',
  organisation: 'Set by your organisation',
  member: 'Set by you',
};

/** Leaves room for what stands above and below a page. */
const MOST_BLOCKS = 80;
const MOST_CHIPS = 5;

/** What the policy says of each action to this member, and what of it they may change; a page at a time. */
export function buildPolicyTab(
  { lines, version, layer }: { lines: readonly PolicyLine[]; version: string; layer: LayerView },
  wantedPage: number,
): types.KnownBlock[] {
  const services = [...new Set(lines.map(({ action }) => action.service))];
  const groups: Group<types.KnownBlock>[] = services.map((service) => ({
    heading: header(nameProvider(service)),
    items: lines.filter(({ action }) => action.service === service).map((line) => buildAction(line, layer)),
  }));
  if (layer.rules.length > 0) groups.push(buildRules(layer));
  const pages = paginate(groups, MOST_BLOCKS);
  const page = Math.min(wantedPage, pages.length - 1);
  return [
    header('What I may do for you'),
    ...(layer.isGuest ? [] : buildTop(layer)),
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
        ...(mayEdit ? [button('Add rule', 'policy_add', scope)] : []),
      ],
    },
    note(
      `${whose} ${mayEdit ? '' : 'Only admins change them. '}${number === 0 ? 'Nothing is set here yet.' : `This is version ${number}.`}`,
    ),
    ...pending.slice(0, 3).map((sentence) => note(oneLine(sentence, 500))),
  ];
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
    items: rules.map(({ id, sentence }) => [
      plainSection(
        oneLine(sentence, 1_000),
        mayEdit ? button('Remove…', 'policy_remove', `${scope} ${id}`) : undefined,
      ),
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

/** Also what `/agentdesk policy` says, one line for each action. */
export function describeLine({ action, usual, alone }: PolicyLine): string {
  const name = `${oneLine(action.id, 100)}: ${describeVerdict(usual)}`;
  return alone === null ? name : `${name}\nWhen it concerns you alone: ${describeVerdict(alone)}`;
}

function describeVerdict({ outcome, reason }: Verdict): string {
  return `${WORDS[outcome]}. ${oneLine(reason, 300)}`;
}
