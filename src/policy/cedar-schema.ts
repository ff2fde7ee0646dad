import { DeskError } from '../errors.ts';
import type { CatalogEntry } from './types.ts';

/** Dotted, as the providers name their methods; so an id never meets a group such as `risk:read`. */
const ACTION_ID = /^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$/;
const SERVICE = /^[a-z][a-z0-9]*$/;

/**
 * Everything but the actions. Closed lists are enumerated entities, so that validation finds a misspelt
 * `Tier::"stong"`. What can be unknown is optional, so that validation makes every rule say what an unknown
 * value means: `forbid … unless { context has recipients && … }` counts it as a match. Where one reading of
 * "unknown" is always the risky one, the value is plain and already set to it (see `facts-context.ts`).
 * Addresses and names are in lower case.
 */
const TYPES = `entity Role enum ["admin", "member", "guest"];
entity Group;
entity Member in [Role, Group];
entity Agent;
entity Account { connection: String, label: String, domain?: String };
entity Tier enum ["none", "approved", "strong"];
entity Surface enum ["dm", "channel"];
entity Weekday enum ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
entity Visibility enum ["public", "private", "internal"];

type Context = {
  tier: Tier,
  agent: Agent,
  surface: Surface,
  hour: Long,
  weekday: Weekday,
  provenance?: Set<String>,
  recipients?: Set<String>,
  recipientDomains?: Set<String>,
  recipientCount: Long,
  externalRecipients: Bool,
  firstTimeRecipients: Bool,
  guests?: Set<String>,
  guestCount: Long,
  calendar?: String,
  calendarShared: Bool,
  repository?: String,
  repositoryVisibility?: Visibility,
  repositoryPublic: Bool,
  labels?: Set<String>,
};
`;

/**
 * The Cedar schema that rules are written against: who (`Member` in `Role` and `Group`), what (one action per
 * catalog entry, in the groups `service:…` and `risk:…`), on which `Account`, under which context.
 * @throws DeskError `config_invalid` when the catalog has an id twice, or a name in another form
 */
export function buildCedarSchema(catalog: readonly CatalogEntry[]): string {
  checkNames(catalog);
  const groups = [...new Set(catalog.flatMap(groupsOf))];
  const declared = groups.map((group) => `action ${JSON.stringify(group)};`);
  return [TYPES, ...declared, '', ...catalog.map(declareAction), ''].join('\n');
}

function declareAction(entry: CatalogEntry): string {
  const groups = groupsOf(entry).map((group) => JSON.stringify(group));
  return (
    `action ${JSON.stringify(entry.id)} in [${groups.join(', ')}]\n` +
    '  appliesTo { principal: [Member], resource: [Account], context: Context };'
  );
}

function groupsOf(entry: CatalogEntry): string[] {
  return [`service:${entry.service}`, `risk:${entry.risk}`];
}

function checkNames(catalog: readonly CatalogEntry[]): void {
  const seen = new Set<string>();
  for (const { id, service } of catalog) {
    if (!ACTION_ID.test(id))
      throw catalogProblem(`The action id ${JSON.stringify(id)} is not of the form service.noun.verb`);
    if (!SERVICE.test(service)) throw catalogProblem(`The service name of ${id} is not one lower-case word`);
    if (seen.has(id)) throw catalogProblem(`The action ${id} is in the catalog twice`);
    seen.add(id);
  }
}

function catalogProblem(text: string): DeskError {
  return new DeskError('config_invalid', { problem: `${text}. Correct the catalog.` });
}
