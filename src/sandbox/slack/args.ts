import { isObject } from './blocks/rules.ts';
import { invalidArguments, Refusal } from './refusal.ts';
import type { Json } from './world.ts';

/** Arguments of one Web API call: strings from a form, any JSON value from a JSON body. */
export interface Args {
  /** @throws Refusal `invalid_arguments` when the argument is absent or no string */
  need(name: string): string;
  text(name: string): string | undefined;
  flag(name: string): boolean;
  whole(name: string, fallback: number): number;
  /**
   * A structured argument: a JSON string in a form, the value itself in a JSON body.
   * @throws Refusal with `error` when the string is not JSON
   */
  json(name: string, error?: string): unknown;
  object(name: string, error?: string): Json | undefined;
}

/** Reads typed arguments out of what the body held; see {@link Args} for what each throws. */
export function createArgs(values: Readonly<Record<string, unknown>>): Args {
  const value = (name: string): unknown =>
    Object.hasOwn(values, name) ? (values[name] ?? undefined) : undefined;
  const text = (name: string): string | undefined => {
    const found = value(name);
    if (found === undefined || typeof found === 'string') return found;
    if (typeof found === 'number' || typeof found === 'boolean') return String(found);
    throw invalidArguments(`[ERROR] must provide a string [json-pointer:/${name}]`);
  };
  const json = (name: string, error?: string): unknown => {
    const found = value(name);
    if (typeof found !== 'string') return found;
    if (found === '') return undefined;
    try {
      return JSON.parse(found);
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw error === undefined
        ? invalidArguments(`[ERROR] must be a JSON encoded value [json-pointer:/${name}]`)
        : new Refusal(error);
    }
  };
  return {
    text,
    json,
    need: (name) => {
      const found = text(name);
      if (found === undefined || found === '')
        throw invalidArguments(`[ERROR] missing required field: ${name}`);
      return found;
    },
    flag: (name) => ['true', '1'].includes(text(name) ?? ''),
    whole: (name, fallback) => {
      const found = text(name);
      if (found === undefined || found === '') return fallback;
      if (!/^\d+$/.test(found)) throw invalidArguments(`[ERROR] must be an integer [json-pointer:/${name}]`);
      return Number(found);
    },
    object: (name, error) => {
      const found = json(name, error);
      if (found === undefined || isObject(found)) return found;
      throw error === undefined
        ? invalidArguments(`[ERROR] must be an object [json-pointer:/${name}]`)
        : new Refusal(error);
    },
  };
}
