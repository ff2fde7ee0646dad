import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../db/client.ts';
import { DeskError } from '../../errors.ts';
import { describeBuiltIn } from '../built-in.ts';
import { isStricter } from '../compare.ts';
import { preparePolicy } from '../prepare.ts';
import { findFloor, type Floor } from '../rules/floor.ts';
import { listActions } from '../rules/patterns.ts';
import { isTypedRule, type LayerDocument } from '../rules/types.ts';
import type { CatalogEntry, LayerName, Outcome } from '../types.ts';
import { readHead, type LayerPlace } from './read.ts';

const LAYERS: Readonly<Record<LayerName, string>> = {
  'built-in': "AgentDesk's built-in policy",
  organisation: "your organisation's policy",
  member: 'your own policy',
};
const LEAST: Readonly<Record<Outcome, string>> = {
  allow: '"at once"',
  approve: '"ask me"',
  approve_strong: '"ask me on a second device"',
  deny: '"never"',
};

/** The least that the layers above `place` ask for, by action id. */
export async function listFloors(
  db: Pick<Transaction, 'select'>,
  catalog: readonly CatalogEntry[],
  { workspaceId, owner }: LayerPlace,
): Promise<ReadonlyMap<string, Floor>> {
  const { cedar, version } = describeBuiltIn(catalog);
  const builtIn = preparePolicy({ catalog, layers: [{ name: 'built-in', cedar }], version });
  const organisation = owner === '' ? null : (await readHead(db, { workspaceId, owner: '' })).document;
  return new Map(catalog.map((entry) => [entry.id, findFloor(builtIn, organisation, entry, catalog)]));
}

/** @throws DeskError `policy_too_low` when `outcome` is lower than what a layer above asks for */
function refuseLower(floor: Floor, outcome: Outcome): void {
  if (!isStricter(floor.outcome, outcome)) return;
  throw new DeskError('policy_too_low', {
    layer: LAYERS[floor.layer],
    rule: floor.rule,
    least: LEAST[floor.outcome],
  });
}

/**
 * Refuses a new or changed rule that would change nothing anywhere, because the layers above ask for more of all its
 * actions already. Rules that stood there before may stay.
 * @throws DeskError `policy_too_low`
 */
export async function refuseLowered(
  tx: Transaction,
  catalog: readonly CatalogEntry[],
  place: LayerPlace,
  before: LayerDocument,
  after: LayerDocument,
): Promise<void> {
  const changed = after.rules
    .filter(isTypedRule)
    .filter((rule) => !before.rules.some((old) => isDeepStrictEqual(old, rule)));
  if (changed.length === 0) return;
  const floors = await listFloors(tx, catalog, place);
  for (const { actions, outcome } of changed) {
    const reached = listActions(actions, catalog).flatMap(({ id }) => floors.get(id) ?? []);
    const [first] = reached;
    if (first && reached.every((floor) => isStricter(floor.outcome, outcome))) refuseLower(first, outcome);
  }
}
