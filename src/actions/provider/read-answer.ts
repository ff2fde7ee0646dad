import type { ZodType } from 'zod';
import { ProviderError } from '../../errors.ts';
import type { ProviderContext } from './context.ts';

/**
 * The part of a provider's answer we rely on, or an error when it is not there: an answer we cannot read
 * is no proof of an effect, and no proof of none.
 */
export function readAnswer<T>(schema: ZodType<T>, data: unknown, about: ProviderContext): T {
  const { success, data: answer, error } = schema.safeParse(data);
  if (success) return answer;
  throw new ProviderError(
    'provider_unavailable',
    { service: about.service, status: 'an answer without the expected fields' },
    { status: null, effectPossible: about.effect, cause: error },
  );
}
