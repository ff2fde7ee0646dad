import { report, shape, text, type Rule, type Surface } from './rules.ts';

/** One kind of block: the surfaces it may appear on and what it must look like. */
export interface BlockKind {
  readonly surfaces: readonly Surface[];
  readonly rule: Rule;
}

const blockId: Rule = (value, at, scope) => {
  text(255)(value, at, scope);
  if (typeof value !== 'string') return;
  if (scope.blockIds.has(value)) report(scope, `\`block_id\` "${value}" already exists`, at);
  scope.blockIds.add(value);
};

/** The shape of a block: `type` and `block_id` go without saying; action ids start afresh in it. */
export function block(
  required: Readonly<Record<string, Rule>>,
  optional: Readonly<Record<string, Rule>> = {},
  ...also: readonly Rule[]
): Rule {
  const rule = shape({ type: text(50), ...required }, { block_id: blockId, ...optional }, ...also);
  return (value, at, scope) => rule(value, at, { ...scope, actionIds: new Set() });
}
