import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { DeskError } from '../../errors.ts';
import { spokenRule } from '../rules/schema.ts';
import type { TypedRule } from '../rules/types.ts';
import { checkLayer } from '../rules/check-layer.ts';
import { EMPTY_LAYER } from '../rules/types.ts';
import { writeInstructions } from './instructions.ts';
import { judgeSpoken, readByGrammar, type Listening } from './read-sentence.ts';
import { ask, refuse, type Reading, type SpokenRule } from './reading.ts';

/** Has a model fill in a form from a text. Where it comes from is not this room's business. */
export type FillForm = (form: {
  readonly name: string;
  readonly instructions: string;
  readonly text: string;
  readonly schema: Record<string, unknown>;
}) => Promise<unknown>;

/** Longer sentences are no rule; Slack's own limit of an input is higher. */
export const LONGEST = 300;

const words = z.string().trim().min(1).max(300);
const answer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rule'), rule: spokenRule }),
  z.strictObject({ kind: z.literal('question'), question: words }),
  z.strictObject({ kind: z.literal('refusal'), why: words }),
]);

/**
 * Understands a sentence as a rule: by the model where there is one, else by our own grammar. A model sees the
 * sentence and nothing else, and its answer counts only when it is a rule of this catalog's that Cedar finds valid;
 * otherwise the grammar reads the sentence.
 * @param fill null when no model is configured
 */
export async function understand(
  sentence: string,
  listening: Listening,
  fill: FillForm | null,
): Promise<Reading> {
  const text = sentence.trim();
  if (text.length > LONGEST)
    return refuse(`That is more than ${LONGEST} characters. Say one rule at a time.`);
  if (/\p{Cc}/u.test(text)) return ask('Say it in one line.');
  if (fill === null || text === '') return readByGrammar(text, listening);
  return (await readByModel(text, listening, fill)) ?? readByGrammar(text, listening);
}

/** @returns null when the model did not answer, or with nothing that can be used */
async function readByModel(text: string, listening: Listening, fill: FillForm): Promise<Reading | null> {
  let said: unknown;
  try {
    said = await fill({
      name: 'rule_of_the_policy',
      instructions: writeInstructions(listening),
      text,
      schema: z.toJSONSchema(z.strictObject({ answer }), { io: 'input', unrepresentable: 'any' }),
    });
  } catch (error) {
    if (error instanceof DeskError) return null;
    throw error;
  }
  const { success, data } = z.strictObject({ answer }).safeParse(said);
  if (!success) return null;
  if (data.answer.kind !== 'rule') return data.answer;
  return isValid(data.answer.rule, listening) ? judgeSpoken(data.answer.rule, listening.catalog) : null;
}

/** Whether all it names exists here and Cedar, in its strict mode, finds it valid. */
function isValid(rule: SpokenRule, { catalog }: Listening): boolean {
  const target = { catalog, workspaceId: 'T', owner: '' };
  try {
    checkLayer({ ...EMPTY_LAYER, rules: [nameRule(rule, '')] }, target);
    return true;
  } catch (error) {
    if (error instanceof DeskError) return false;
    throw error;
  }
}

/** The rule for a layer: with a name of its own, and the sentence it was said with as its note. */
export function nameRule(rule: SpokenRule, sentence: string): TypedRule {
  return {
    id: `said.${randomBytes(4).toString('hex')}`,
    ...rule,
    note: sentence.slice(0, LONGEST).toWellFormed(),
  };
}
