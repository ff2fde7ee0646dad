import { z } from 'zod';
import { ask } from './doctor-ask.ts';
import { fail, pass, warn, type Check } from './doctor-finding.ts';

const OPENAI = 'https://api.openai.com/v1';

const Models = z.object({ data: z.array(z.object({ id: z.string() })) });

/**
 * The model service: its list of models is free of charge and needs the key (platform.openai.com, API reference,
 * Models). Not every compatible server has it.
 */
export const checkModel: Check = async (context) => {
  const { model } = context.config;
  if (model === null) return [pass('model', 'built-in offline planner')];
  const base = (model.baseUrl ?? OPENAI).replace(/\/+$/, '');
  const key = context.secrets.openaiApiKey;
  const headers = key === null ? undefined : { authorization: `Bearer ${key}` };
  const answer = await ask(`${base}/models`, headers === undefined ? {} : { headers }, context);
  if (answer.kind === 'silence') {
    const fix = 'Check OPENAI_BASE_URL, and that the model service runs and can be reached from here.';
    return [fail('model', `${base} cannot be reached: ${answer.problem}`, fix)];
  }
  const { status } = answer;
  if (status === 401 || status === 403) {
    const fix =
      model.baseUrl === null
        ? 'Set OPENAI_API_KEY to a key from https://platform.openai.com/api-keys that may use the model.'
        : `Set OPENAI_API_KEY to a key of the service at ${base}.`;
    return [
      fail(
        'model',
        `${base} refuses ${key === null ? 'us without a key' : 'OPENAI_API_KEY'} (${status})`,
        fix,
      ),
    ];
  }
  if (status === 429) {
    const fix = 'Wait a minute; if it stays so, look at the usage limits and the balance of that account.';
    return [warn('model', `${base} is rate limiting us`, fix)];
  }
  if (status >= 500) {
    return [fail('model', `${base} answers with status ${status}`, 'Look at the log of the model service.')];
  }
  const listed = status === 200 ? readModels(answer.text) : null;
  if (listed === null) {
    const fix = `Nothing, if the service has no list of models; else check that OPENAI_BASE_URL ends like ${OPENAI}.`;
    return [
      warn('model', `${base} has no list of models (${status}), so ${model.name} cannot be checked`, fix),
    ];
  }
  if (!listed.includes(model.name)) {
    const fix = `Set OPENAI_MODEL to one of: ${listed.slice(0, 8).join(', ')}${listed.length > 8 ? ', …' : ''}`;
    return [warn('model', `${base} does not list the model ${model.name}`, fix)];
  }
  return [pass('model', `${model.name} at ${base}`)];
};

function readModels(text: string): string[] | null {
  try {
    return Models.safeParse(JSON.parse(text)).data?.data.map(({ id }) => id.slice(0, 80)) ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
