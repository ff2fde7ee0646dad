import { createKeyring } from '../../src/db/seal.ts';
import { readDefaultPolicy } from '../../src/policy/default-policy.ts';
import { preparePolicy } from '../../src/policy/prepare.ts';
import type { PreparedPolicy } from '../../src/policy/prepared-policy.ts';
import type { CatalogEntry, LayerName, PolicyCall, PolicyFacts, Risk } from '../../src/policy/types.ts';

const ACTIONS: Readonly<Record<Risk, readonly string[]>> = {
  read: [
    'calendar.events.list',
    'calendar.freebusy.query',
    'gmail.messages.list',
    'gmail.messages.get',
    'github.repos.list',
    'github.issues.list',
    'github.issues.get',
  ],
  write: [
    'calendar.events.insert',
    'calendar.events.patch',
    'gmail.drafts.create',
    'gmail.messages.send',
    'github.issues.create',
    'github.issues.createComment',
    'github.issues.update',
  ],
  delete: ['calendar.events.delete'],
};

/** What seals heads in tests. */
export const KEYRING = createKeyring([Buffer.alloc(32, 7)]);

export const CATALOG: readonly CatalogEntry[] = (['read', 'write', 'delete'] as const).flatMap((risk) =>
  ACTIONS[risk].map((id) => ({ id, risk, service: id.slice(0, id.indexOf('.')) })),
);

/** The default policy with further layers, over the catalog. */
export function prepare(
  further: Partial<Record<Exclude<LayerName, 'built-in'>, string>> = {},
  catalog: readonly CatalogEntry[] = CATALOG,
): PreparedPolicy {
  const layers = Object.entries(further).map(([name, cedar]) => ({ name: name as LayerName, cedar }));
  return preparePolicy({
    catalog,
    layers: [{ name: 'built-in', cedar: readDefaultPolicy(catalog) }, ...layers],
    version: 'v7',
  });
}

interface Changes {
  readonly role?: PolicyCall['member']['role'];
  readonly groups?: readonly string[];
  readonly agent?: string;
  readonly context?: Partial<PolicyCall['context']>;
}

/** A call by a member of acme.com on a Monday morning, with the given facts. */
export function callOf(action: string, facts: PolicyFacts = {}, changes: Changes = {}): PolicyCall {
  return {
    agent: changes.agent ?? 'default',
    member: { workspaceId: 'T1', id: 'U1', role: changes.role ?? 'member', groups: changes.groups ?? [] },
    action,
    account: { connection: 'google-oauth2', label: 'ada@acme.com', domain: 'acme.com' },
    facts,
    context: {
      ownDomains: ['acme.com'],
      firstTimeRecipients: false,
      hour: 10,
      weekday: 'mon',
      surface: 'dm',
      ...changes.context,
    },
  };
}

/** A rule of a tightening layer. */
export function forbid(id: string, rest: string, scope = 'principal, action, resource'): string {
  return `@id("${id}")\n@reason("Because of ${id}.")\nforbid (${scope})\n${rest};\n`;
}
