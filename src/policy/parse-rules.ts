import { DeskError } from '../errors.ts';
import type { Cedar } from './cedar.ts';
import { lineAtByte, lineAtCharacter } from './text-lines.ts';
import { findTextProblem } from './text-limits.ts';
import type { LayerName } from './types.ts';

/** One rule as it stands in the text of a layer. */
export interface Rule {
  readonly layer: LayerName;
  /** From `@id`, unique in its layer. */
  readonly id: string;
  /** From `@reason`: a sentence for people. */
  readonly reason: string;
  readonly effect: 'permit' | 'forbid';
  /** Its Cedar text, as written. */
  readonly text: string;
  /** 1-based line where it begins. */
  readonly line: number;
}

/** Never with an underscore: ids such as `evaluation_failed` are ours. */
const RULE_ID = /^[a-z0-9][A-Za-z0-9.-]{0,79}$/;
const MAX_REASON = 300;

/**
 * Reads the rules out of Cedar text, in the order written.
 * @throws DeskError `config_invalid`, naming the layer and the line
 */
export function parseRules(cedar: Cedar, layer: LayerName, source: string): Rule[] {
  const tooMuch = findTextProblem(source);
  if (tooMuch) throw ruleProblem(layer, lineAtCharacter(source, tooMuch.position), tooMuch.problem);
  const parts = cedar.policySetTextToParts(source);
  if (parts.type === 'failure') {
    const [error] = parts.errors;
    const line = lineAtByte(source, error?.sourceLocations?.[0]?.start ?? 0);
    throw ruleProblem(layer, line, error?.message ?? 'it cannot be read');
  }
  const [template] = parts.policy_templates;
  if (template !== undefined) {
    throw ruleProblem(
      layer,
      lineAtCharacter(source, source.indexOf(template)),
      'templates are not supported',
    );
  }
  let position = 0;
  const seen = new Set<string>();
  return inSourceOrder(parts.policies).map((text) => {
    position = source.indexOf(text, position);
    const rule = readRule(cedar, layer, text, lineAtCharacter(source, position));
    if (seen.has(rule.id)) throw ruleProblem(layer, rule.line, `the @id "${rule.id}" is used twice`);
    seen.add(rule.id);
    position += text.length;
    return rule;
  });
}

/** An error that names the layer and the line of the rule that is wrong. */
export function ruleProblem(layer: LayerName, line: number, problem: string): DeskError {
  return new DeskError('config_invalid', {
    problem: `${layer} policy, line ${line}: ${problem.slice(0, 500)}. Correct it and load it again.`,
  });
}

function readRule(cedar: Cedar, layer: LayerName, text: string, line: number): Rule {
  const answer = cedar.policyToJson(text);
  if (answer.type === 'failure')
    throw ruleProblem(layer, line, answer.errors[0]?.message ?? 'it cannot be read');
  const { effect, annotations = {} } = answer.json;
  const { id = '', reason = '' } = annotations;
  if (!RULE_ID.test(id)) {
    throw ruleProblem(layer, line, 'the rule needs an @id of letters, digits, dots and dashes, at most 80');
  }
  if (reason.trim() === '' || reason.length > MAX_REASON || /\p{Cc}/u.test(reason)) {
    throw ruleProblem(
      layer,
      line,
      `the rule "${id}" needs a @reason: one line for people, at most ${MAX_REASON} characters`,
    );
  }
  return { layer, id, reason, effect, text, line };
}

/** Cedar names the parts `policy0`, `policy1`, … and returns them sorted by that name: 0, 1, 10, 11, 2. */
function inSourceOrder(parts: readonly string[]): string[] {
  const names = parts.map((_, index) => `policy${index}`).sort();
  const ordered = new Array<string>(parts.length);
  parts.forEach((part, index) => (ordered[Number(names[index]?.slice('policy'.length))] = part));
  return ordered;
}
