import { z } from 'zod';
import { DeskError } from '../../errors.ts';
import type { LayerDocument } from './types.ts';

/** Ours: the rules that `compile.ts` makes for agents. */
const RESERVED_ID = /^agents\./;
const MAX_RULES = 200;

const line = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), 'must be one line of plain text');
const list = <T extends z.ZodType<string>>(item: T, min: number, max: number) =>
  z
    .array(item)
    .min(min)
    .max(max)
    .transform((items) => [...new Set(items)]);
const lower = (pattern: RegExp, what: string) =>
  z.string().trim().toLowerCase().regex(pattern, `must be ${what}`);

const ruleId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,59}$/, 'must be lower-case letters, digits, dots and dashes, at most 60')
  .refine((id) => !RESERVED_ID.test(id), 'must not begin with "agents."');
const agentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a name of lower-case letters, digits and dashes');
/** An action id, `service:…`, `risk:…` or `*`. Whether there is such an action is checked against the catalog. */
const actionPattern = z
  .string()
  .max(120)
  .regex(
    /^(\*|service:[a-z][a-z0-9]*|risk:(read|write|delete)|[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+)$/,
    'must be an action, service:…, risk:read, risk:write, risk:delete or *',
  );
const domain = lower(
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
  'a domain such as acme.com',
);
const repository = lower(
  /^[a-z0-9][a-z0-9-]{0,38}\/(\*|[a-z0-9._-]{1,100})$/,
  'owner/name, or owner/* for all of an owner',
);
const label = line(100).trim().toLowerCase().min(1);
const domains = list(domain, 1, 50);
const count = z.int().min(0).max(2_000);
const hour = z.int().min(0).max(24);

const condition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('recipients'), is: z.enum(['external', 'first_time']) }),
  z.strictObject({
    kind: z.literal('recipient_domain'),
    match: z.enum(['any_in', 'any_outside']),
    domains,
  }),
  z.strictObject({ kind: z.literal('recipient_count'), moreThan: count }),
  z.strictObject({ kind: z.literal('guest_count'), moreThan: count }),
  z.strictObject({ kind: z.literal('hours'), from: hour, to: hour }),
  z.strictObject({
    kind: z.literal('weekdays'),
    days: list(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), 1, 7),
  }),
  z.strictObject({ kind: z.literal('surface'), is: z.enum(['dm', 'channel']) }),
  z.strictObject({ kind: z.literal('provenance'), includes: z.enum(['fetched', 'agent']) }),
  z.strictObject({ kind: z.literal('repository'), names: list(repository, 1, 30) }),
  z.strictObject({
    kind: z.literal('repository_visibility'),
    is: z.enum(['public', 'private', 'internal']),
  }),
  z.strictObject({ kind: z.literal('labels'), anyOf: list(label, 1, 50) }),
  z.strictObject({ kind: z.literal('calendar_shared') }),
  z.strictObject({ kind: z.literal('account_domain'), match: z.enum(['in', 'outside']), domains }),
]);

const typedRule = z.strictObject({
  id: ruleId,
  outcome: z.enum(['approve', 'approve_strong', 'deny']),
  agents: list(agentName, 0, 20),
  who: z.strictObject({
    roles: list(z.enum(['admin', 'member', 'guest']), 0, 3),
    groups: list(z.string().regex(/^[A-Z0-9]{1,24}$/, 'must be the id of a Slack user group'), 0, 20),
  }),
  actions: list(actionPattern, 1, 100),
  conditions: z.array(condition).max(8),
  note: line(500),
});
/** A rule as it is said, before it has a name in a layer. */
export const spokenRule = typedRule.omit({ id: true, note: true });
const cedarRule = z.strictObject({
  id: ruleId,
  cedar: z.string().trim().min(1).max(8_000),
  reason: line(300).trim().min(1),
});
const unique = <T>(key: (item: T) => string, what: string) =>
  [
    (items: readonly T[]) => new Set(items.map(key)).size === items.length,
    `two of them have the same ${what}`,
  ] as const;

const layer = z.strictObject({
  v: z.literal(1),
  rules: z
    .array(z.union([typedRule, cedarRule]))
    .max(MAX_RULES)
    .refine(...unique<{ id: string }>(({ id }) => id, 'id')),
  agents: z
    .array(z.strictObject({ name: agentName, actions: list(actionPattern, 0, 100) }))
    .max(30)
    .refine(...unique<{ name: string }>(({ name }) => name, 'name')),
  grantable: list(actionPattern, 0, 100),
});

/**
 * Reads a layer from outside: the editor, a file, a parser. Domains, repositories and labels come out in lower case.
 * @param owner `''` for the organisation's layer, which alone may declare agents and what is grantable
 * @throws DeskError `policy_invalid`, naming the place in the document
 */
export function readLayer(value: unknown, owner: string): LayerDocument {
  const { success, data, error } = layer.safeParse(value);
  if (!success) throw new DeskError('policy_invalid', { problem: describeIssue(error, value) });
  if (owner !== '' && (data.agents.length > 0 || data.grantable.length > 0)) {
    const problem = 'only the organisation declares agents and what may be granted';
    throw new DeskError('policy_invalid', { problem });
  }
  return data;
}

function describeIssue(error: z.ZodError, value: unknown): string {
  const [issue] = error.issues.flatMap((found) => deepest(found, value, []));
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? 'the document' : path}: ${issue?.message ?? 'it cannot be read'}`.slice(0, 300);
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/** A rule is one of two shapes; what is wrong with the one it was meant to be is worth telling, not "no shape fits". */
function deepest(issue: z.core.$ZodIssue, value: unknown, base: readonly PropertyKey[]): Issue[] {
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ path, message: issue.message }];
  const rule = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const isCedar = typeof rule === 'object' && rule !== null && 'cedar' in rule;
  const branch = issue.errors[isCedar ? issue.errors.length - 1 : 0] ?? [];
  return branch.flatMap((found) => deepest(found, value, path));
}
