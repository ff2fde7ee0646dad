/** Where blocks are shown; what is allowed differs (docs.slack.dev/reference/block-kit/blocks). */
export type Surface = 'message' | 'modal' | 'home';

/** What one check run has seen so far: the problems, and what must be unique or counted. */
export interface Scope {
  readonly surface: Surface;
  readonly problems: string[];
  readonly blockIds: Set<string>;
  /** Action ids of the block under check; unique within one block only. */
  readonly actionIds: Set<string>;
  readonly counts: { focus: number; markdown: number; table: number; chart: number };
}

/** Checks one value found at a JSON pointer and writes what is wrong into the scope. */
export type Rule = (value: unknown, at: string, scope: Scope) => void;
type Rules = Readonly<Record<string, Rule>>;

/** A fresh run for one surface. */
export function createScope(surface: Surface): Scope {
  const counts = { focus: 0, markdown: 0, table: 0, chart: 0 };
  return { surface, problems: [], blockIds: new Set(), actionIds: new Set(), counts };
}

/** Records a problem in the words and form Slack uses: `[ERROR] what [json-pointer:where]`. */
export function report(scope: Scope, what: string, at: string): void {
  scope.problems.push(`[ERROR] ${what} [json-pointer:${at}]`);
}

/** A JSON object, neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string of `min` to `max` UTF-16 units (the stricter way to count). */
export function text(max: number, min = 1): Rule {
  return (value, at, scope) => {
    if (typeof value !== 'string') return report(scope, 'must provide a string', at);
    if (value.length < min) report(scope, `must be more than ${min - 1} characters`, at);
    if (value.length > max) report(scope, `must be less than ${max + 1} characters`, at);
  };
}

/** A string of a form; `what` tells the caller what the form is. */
export function matching(pattern: RegExp, what: string): Rule {
  return (value, at, scope) => {
    if (typeof value !== 'string' || !pattern.test(value)) report(scope, what, at);
  };
}

export const flag: Rule = (value, at, scope) => {
  if (typeof value !== 'boolean') report(scope, 'must be a boolean', at);
};

/** An integer from `min` to `max`, both included. */
export function whole(min: number, max: number): Rule {
  return (value, at, scope) => {
    if (!Number.isInteger(value)) return report(scope, 'must be an integer', at);
    if ((value as number) < min) report(scope, `must be greater than ${min - 1}`, at);
    if ((value as number) > max) report(scope, `must be less than ${max + 1}`, at);
  };
}

/** One of the given values. */
export function choice(...values: readonly unknown[]): Rule {
  return (value, at, scope) => {
    if (!values.includes(value)) report(scope, `must be a valid enum value (${values.join(', ')})`, at);
  };
}

/** An array of `min` to `max` items that each pass `item`. */
export function list(item: Rule, max: number, min = 1): Rule {
  return (value, at, scope) => {
    if (!Array.isArray(value)) return report(scope, 'must be an array', at);
    if (value.length < min) report(scope, `no less than ${min} items required`, at);
    if (value.length > max) report(scope, `no more than ${max} items allowed`, at);
    value.forEach((entry, index) => item(entry, `${at}/${index}`, scope));
  };
}

/** An object with exactly these properties; `also` are checks over the whole object. */
export function shape(required: Rules, optional: Rules = {}, ...also: readonly Rule[]): Rule {
  return (value, at, scope) => {
    if (!isObject(value)) return report(scope, 'must be an object', at);
    for (const [name, rule] of Object.entries(required)) {
      if (value[name] === undefined) report(scope, `missing required field: ${name}`, at);
      else rule(value[name], `${at}/${name}`, scope);
    }
    for (const [name, entry] of Object.entries(value)) {
      if (Object.hasOwn(required, name) || entry === undefined) continue;
      const rule = Object.hasOwn(optional, name) ? optional[name] : undefined;
      if (rule === undefined) report(scope, `invalid additional property: ${name}`, `${at}/${name}`);
      else rule(entry, `${at}/${name}`, scope);
    }
    for (const rule of also) rule(value, at, scope);
  };
}

/** Picks the rule by the object's `type`; `find` answers undefined for a type not allowed here. */
export function byType(find: (type: string, scope: Scope) => Rule | undefined): Rule {
  return (value, at, scope) => {
    if (!isObject(value)) return report(scope, 'must be an object', at);
    if (typeof value['type'] !== 'string') return report(scope, 'missing required field: type', at);
    const rule = find(value['type'], scope);
    if (rule === undefined) return report(scope, `unsupported type: ${value['type']}`, `${at}/type`);
    rule(value, at, scope);
  };
}

/** For {@link byType}: the types of a table, and no others. */
export function among(table: Rules): (type: string) => Rule | undefined {
  return (type) => (Object.hasOwn(table, type) ? table[type] : undefined);
}
