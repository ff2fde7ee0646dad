import type { CatalogEntry } from '../types.ts';
import { compileCondition, writeSet, writeText } from './compile-condition.ts';
import { describeAgentTools, describeReason } from './describe.ts';
import { listServicesWithout } from './fact-services.ts';
import { isTypedRule, type AgentDeclaration, type LayerDocument, type TypedRule } from './types.ts';

/** Where a layer will stand. */
export interface CompileTarget {
  readonly catalog: readonly CatalogEntry[];
  /** Groups are known by workspace. */
  readonly workspaceId: string;
  /** `''` = the organisation, else a member. */
  readonly owner: string;
}

const UNLESS: Readonly<Record<TypedRule['outcome'], readonly string[]>> = {
  approve: ['unless { context.tier != Tier::"none" }'],
  approve_strong: ['unless { context.tier == Tier::"strong" }'],
  deny: [],
};

/**
 * The layer as Cedar text: one `forbid` for each rule, and for the organisation one for each agent's tools. The same
 * document gives the same text. It is not checked here; see `checkLayer`.
 */
export function compileLayer(document: LayerDocument, target: CompileTarget): string {
  const rules = document.rules.map((rule) =>
    isTypedRule(rule)
      ? compileRule(rule, target)
      : annotate(rule.id, rule.reason, rule.cedar.endsWith(';') ? rule.cedar : `${rule.cedar};`),
  );
  const agents = target.owner === '' ? compileAgents(document.agents) : [];
  return [...rules, ...agents].join('\n');
}

function compileRule(rule: TypedRule, target: CompileTarget): string {
  const without = listServicesWithout(rule.conditions, rule.actions, target.catalog);
  const clauses = [
    ...compileWho(rule, target.workspaceId),
    ...(rule.agents.length > 0 ? [`${writeSet(rule.agents, 'Agent::')}.contains(context.agent)`] : []),
    ...rule.conditions.map(compileCondition),
  ].map((expression) => `when { ${expression} }`);
  const scope = rule.actions.includes('*')
    ? 'principal, action, resource'
    : `principal, action in ${writeSet(rule.actions, 'Action::')}, resource`;
  const lines = [
    `forbid (${scope})`,
    ...clauses,
    ...(without.length > 0 ? [`unless { action in ${writeSet(services(without), 'Action::')} }`] : []),
    ...UNLESS[rule.outcome],
  ];
  return annotate(rule.id, describeReason(rule, target.catalog), `${lines.join('\n')};`);
}

function services(names: readonly string[]): string[] {
  return names.map((name) => `service:${name}`);
}

function compileWho({ who }: TypedRule, workspaceId: string): string[] {
  const parts = [
    ...who.roles.map((role) => `principal in Role::${writeText(role)}`),
    ...who.groups.map((group) => `principal in Group::${writeText(`${workspaceId}/${group}`)}`),
  ];
  return parts.length > 0 ? [parts.join(' || ')] : [];
}

/** An agent that nobody declared may do nothing; `default` is always there, with everything unless it is declared. */
function compileAgents(agents: readonly AgentDeclaration[]): string[] {
  const known = [...new Set(['default', ...agents.map(({ name }) => name)])];
  const undeclared = annotate(
    'agents.undeclared',
    'Your organisation has not declared this agent.',
    `forbid (principal, action, resource)\nunless { ${writeSet(known, 'Agent::')}.contains(context.agent) };`,
  );
  return [undeclared, ...agents.filter(({ actions }) => !actions.includes('*')).map(compileTools)];
}

function compileTools(agent: AgentDeclaration): string {
  const lines = [
    'forbid (principal, action, resource)',
    `when { context.agent == Agent::${writeText(agent.name)} }`,
    ...(agent.actions.length > 0 ? [`unless { action in ${writeSet(agent.actions, 'Action::')} }`] : []),
  ];
  return annotate(`agents.${agent.name}.tools`, describeAgentTools(agent), `${lines.join('\n')};`);
}

function annotate(id: string, reason: string, rule: string): string {
  return `@id(${writeText(id)})\n@reason(${writeText(reason)})\n${rule}\n`;
}
