import { DeskError } from '../../errors.ts';
import { EMPTY_BUILT_IN, preparePolicy } from '../prepare.ts';
import { compileLayer, type CompileTarget } from './compile.ts';
import { findUnknownPattern } from './patterns.ts';
import { isTypedRule, type LayerDocument } from './types.ts';

/**
 * Compiles a layer and has Cedar validate it, strictly, against the schema of the catalog.
 * @returns the Cedar text, and what is valid but suspicious in Cedar's eyes
 * @throws DeskError `policy_invalid`, naming the rule or the line
 */
export function checkLayer(
  document: LayerDocument,
  target: CompileTarget,
): { cedar: string; warnings: readonly string[] } {
  checkActions(document, target);
  const cedar = compileLayer(document, target);
  try {
    const layer = { name: target.owner === '' ? 'organisation' : 'member', cedar } as const;
    const { warnings, rules } = preparePolicy({
      catalog: target.catalog,
      layers: [EMPTY_BUILT_IN, layer],
      version: 'check',
    });
    checkRawRules(document, [...rules.values()]);
    return { cedar, warnings };
  } catch (error) {
    if (!(error instanceof DeskError) || error.code !== 'config_invalid') throw error;
    const problem = String(error.details['problem']).replace(/ Correct it and load it again\.$/, '');
    throw new DeskError('policy_invalid', { problem: problem.replace(/\.$/, '') }, { cause: error });
  }
}

function checkActions({ rules, agents, grantable }: LayerDocument, { catalog }: CompileTarget): void {
  const lists = [
    ...rules.filter(isTypedRule).map(({ id, actions }) => [`the rule ${id}`, actions] as const),
    ...agents.map(({ name, actions }) => [`the agent ${name}`, actions] as const),
    ['what may be granted', grantable] as const,
  ];
  for (const [where, patterns] of lists) {
    const unknown = findUnknownPattern(patterns, catalog);
    if (unknown !== null)
      throw new DeskError('policy_invalid', {
        problem: `${where} names ${unknown}, which is no action here`,
      });
  }
}

/** A raw rule is exactly one rule: not a comment, and not two. */
function checkRawRules({ rules }: LayerDocument, parsed: readonly { id: string; text: string }[]): void {
  for (const rule of rules) {
    if (isTypedRule(rule)) continue;
    const found = parsed.find(({ id }) => id === rule.id);
    if (found?.text.includes(rule.cedar.replace(/;$/, '')) !== true) {
      const problem = `the rule ${rule.id} is not one forbid and nothing else`;
      throw new DeskError('policy_invalid', { problem });
    }
  }
}
