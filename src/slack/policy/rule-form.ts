import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Condition, TypedRule } from '../../policy/rules/types.ts';
import type { ViewArgs } from '../deps.ts';
import { SCOPES, type Scope } from './change.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

type Values = ViewArgs['view']['state']['values'];

/** What a form says, and which input each of its conditions came from. */
export interface RuleForm {
  readonly rule: TypedRule;
  readonly inputs: readonly string[];
}

const metadata = z.object({ scope: z.enum(SCOPES) });

/** @returns whose rule the form is about; the person's own when it does not say */
export function readRuleScope(text: string): Scope {
  try {
    return metadata.parse(JSON.parse(text)).scope;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return 'mine';
    throw error;
  }
}

/** The rule a form holds, unchecked: the policy's own schema reads it later. */
export function readRuleForm(values: Values): RuleForm | null {
  const one = (id: string): string | null => {
    const [held] = Object.values(values[id] ?? {});
    const value = held?.selected_option?.value ?? held?.value ?? '';
    return value.trim() === '' ? null : value.trim();
  };
  const many = (id: string): string[] =>
    Object.values(values[id] ?? {}).flatMap((held) => held.selected_options?.map(({ value }) => value) ?? []);
  const [actions, outcome] = [many('actions'), one('outcome')];
  if (actions.length === 0 || outcome === null) return null;
  const found: [input: string, condition: object | null][] = [
    ['recipients', when(one('recipients'), (is) => ({ kind: 'recipients', is }))],
    [
      'recipient_count',
      when(one('recipient_count'), (n) => ({ kind: 'recipient_count', moreThan: Number(n) })),
    ],
    ['guest_count', when(one('guest_count'), (n) => ({ kind: 'guest_count', moreThan: Number(n) }))],
    ['to', readHours(one('from'), one('to'))],
    ['weekdays', many('weekdays').length === 0 ? null : { kind: 'weekdays', days: many('weekdays') }],
    ['repository', when(one('repository'), (names) => ({ kind: 'repository', names: split(names) }))],
    ['visibility', when(one('visibility'), (is) => ({ kind: 'repository_visibility', is }))],
    ['surface', when(one('surface'), (is) => ({ kind: 'surface', is }))],
  ];
  const held = found.filter(([, condition]) => condition !== null);
  return {
    inputs: held.map(([input]) => input),
    rule: {
      id: `rule.${randomBytes(4).toString('hex')}`,
      outcome: outcome as TypedRule['outcome'],
      agents: [],
      who: { roles: [], groups: [] },
      actions,
      conditions: held.map(([, condition]) => condition as Condition),
      note: '',
    },
  };
}

function when(value: string | null, make: (value: string) => object): object | null {
  return value === null ? null : make(value);
}

function readHours(from: string | null, to: string | null): object | null {
  if (from === null && to === null) return null;
  return { kind: 'hours', from: Number(from ?? 0), to: Number(to ?? 24) };
}

function split(names: string): string[] {
  return names.split(/[\s,]+/).filter((name) => name !== '');
}

/** The input a problem with the rule stands beside. @param message as the policy's schema says it */
export function findInput({ inputs }: RuleForm, message: string): string {
  const index = /conditions\.(\d+)/.exec(message)?.[1];
  return (index === undefined ? undefined : inputs[Number(index)]) ?? 'outcome';
}
