import { agentKinds } from './agent-blocks.ts';
import type { BlockKind } from './block-parts.ts';
import { cardKinds } from './cards.ts';
import { plainText, selectOptions, oneOf } from './composition.ts';
import { layoutKinds } from './layout.ts';
import * as rules from './rules.ts';
import { tableKinds } from './tables.ts';

const KINDS: Readonly<Record<string, BlockKind>> = {
  ...layoutKinds,
  ...cardKinds,
  ...tableKinds,
  ...agentKinds,
};

/** Most blocks on one surface (docs.slack.dev/reference/block-kit/blocks). */
const MOST = { message: 50, modal: 100, home: 100 } as const;

const anyBlock = rules.byType((type, scope) => {
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  return kind?.surfaces.includes(scope.surface) === true ? kind.rule : undefined;
});

/** @returns what is wrong with a message's blocks, in Slack's words; empty when they are fine */
export function checkMessageBlocks(blocks: unknown, at = '/blocks'): string[] {
  const scope = rules.createScope('message');
  rules.list(anyBlock, MOST.message, 0)(blocks, at, scope);
  return scope.problems;
}

const common = {
  private_metadata: rules.text(3000, 0),
  callback_id: rules.text(255, 0),
  external_id: rules.text(255, 0),
};
const blockList = (surface: 'modal' | 'home') => rules.list(anyBlock, MOST[surface], 0);

const submitForInputs: rules.Rule = (value, at, scope) => {
  if (!rules.isObject(value) || !Array.isArray(value['blocks']) || value['submit'] !== undefined) return;
  if (value['blocks'].some((block: unknown) => rules.isObject(block) && block['type'] === 'input')) {
    rules.report(scope, 'missing required field: submit', at);
  }
};

const VIEWS = {
  modal: rules.shape(
    { type: rules.choice('modal'), title: plainText(24), blocks: blockList('modal') },
    {
      ...common,
      close: plainText(24),
      submit: plainText(24),
      clear_on_close: rules.flag,
      notify_on_close: rules.flag,
      submit_disabled: rules.flag,
    },
    submitForInputs,
  ),
  home: rules.shape({ type: rules.choice('home'), blocks: blockList('home') }, common),
};

/** @returns what is wrong with a view for that surface; empty when it is fine */
export function checkView(view: unknown, surface: 'modal' | 'home', at = '/view'): string[] {
  const scope = rules.createScope(surface);
  rules.byType((type) => (type === surface ? VIEWS[surface] : undefined))(view, at, scope);
  return scope.problems;
}

/** @returns what is wrong with an app's answer to `block_suggestion` */
export function checkSuggestions(answer: unknown): string[] {
  const scope = rules.createScope('message');
  rules.shape({}, selectOptionsOrNone, oneOf('options', 'option_groups'))(answer, '', scope);
  return scope.problems;
}

/** An empty list of suggestions is fine: the person sees that nothing matches. */
const selectOptionsOrNone = Object.fromEntries(
  Object.entries(selectOptions).map(([name, rule]): [string, rules.Rule] => [
    name,
    (value, at, scope) => (Array.isArray(value) && value.length === 0 ? undefined : rule(value, at, scope)),
  ]),
);
