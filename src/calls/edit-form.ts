import { z } from 'zod';
import { findAction } from '../actions/catalog.ts';
import { readArguments } from '../actions/arguments.ts';
import { DeskError } from '../errors.ts';
import type { Call } from './deps.ts';

/** One input of an edit form, made from the action's own schema. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  /** `list`: one entry a line. */
  readonly kind: 'line' | 'text' | 'list' | 'number' | 'choice';
  readonly optional: boolean;
  readonly choices: readonly string[];
  /** Present value, as it is typed. */
  readonly value: string;
}

/** Arguments that name the thing acted on; another thing would be another call. */
const FIXED = new Set(['event', 'message', 'replyTo', 'number', 'repository', 'calendar']);
const LONG = new Set(['text', 'body', 'description']);

const property = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  description: z.string().optional(),
});
const schema = z.looseObject({
  properties: z.record(z.string(), property).default({}),
  required: z.array(z.string()).default([]),
});

/** The inputs with which a person may change a call. The action itself and what it acts on stay. */
export function describeForm(call: Call): FormField[] {
  const action = findAction(call.action);
  if (action === undefined) return [];
  const { properties, required } = schema.parse(
    z.toJSONSchema(action.schema, { io: 'input', unrepresentable: 'any' }),
  );
  const raw = JSON.parse(call.rawArgs.toString('utf8')) as Record<string, unknown>;
  const resolved = JSON.parse(call.args.toString('utf8')) as Record<string, unknown>;
  return Object.entries(properties)
    .filter(([name]) => !FIXED.has(name))
    .map(([name, { type, enum: choices }]) => {
      const given = raw[name] ?? (isTypeable(resolved[name]) ? resolved[name] : undefined);
      const kind = readKind(name, type, choices);
      return {
        name,
        label: name.replace(/([A-Z])/g, ' $1').replace(/^./, (first) => first.toUpperCase()),
        kind,
        optional: !required.includes(name),
        choices: choices ?? [],
        value: Array.isArray(given)
          ? given.join('\n')
          : typeof given === 'string' || typeof given === 'number'
            ? String(given)
            : '',
      };
    });
}

function readKind(
  name: string,
  type: string | undefined,
  choices: readonly string[] | undefined,
): FormField['kind'] {
  if (choices !== undefined) return 'choice';
  if (type === 'array') return 'list';
  if (type === 'integer' || type === 'number') return 'number';
  return LONG.has(name) ? 'text' : 'line';
}

function isTypeable(value: unknown): boolean {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  );
}

/**
 * The arguments a filled form stands for; what was not in the form stays as it was.
 * @throws DeskError `arguments_invalid`, naming the argument
 */
export function readForm(call: Call, typed: Readonly<Record<string, string>>): unknown {
  const action = findAction(call.action);
  if (action === undefined) throw new DeskError('approval_unknown');
  const raw = JSON.parse(call.rawArgs.toString('utf8')) as Record<string, unknown>;
  for (const field of describeForm(call)) {
    const text = typed[field.name]?.trim() ?? '';
    if (text === '') delete raw[field.name];
    else if (field.kind === 'list')
      raw[field.name] = text
        .split(/[\n,]+/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
    else if (field.kind === 'number') raw[field.name] = Number(text);
    else raw[field.name] = text;
  }
  readArguments(action, raw);
  return raw;
}
