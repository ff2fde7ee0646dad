import { z } from 'zod';
import { DeskError } from '../../errors.ts';
import { readNumber, type LayerPlace } from '../../policy/versions/read.ts';
import { writeSetting } from '../../policy/rules/settings.ts';
import { readLayer } from '../../policy/rules/schema.ts';
import type { LayerDocument } from '../../policy/rules/types.ts';
import type { SlackDeps } from '../deps.ts';
import { unpackDocument } from './pack.ts';
import type { Actor } from '../directory/directory.ts';

export const SCOPES = ['mine', 'organisation'] as const;
export type Scope = (typeof SCOPES)[number];

const wish = z.discriminatedUnion('kind', [
  /** `null` leaves the action to the layer above. */
  z.object({
    kind: z.literal('set'),
    action: z.string().max(120),
    outcome: z.enum(['approve', 'approve_strong', 'deny']).nullable(),
  }),
  /** A rule, read by the policy's own schema when it is applied. */
  z.object({ kind: z.literal('add'), rule: z.unknown(), isSaid: z.boolean().default(false) }),
  /** A rule in the place of the one with that id. */
  z.object({ kind: z.literal('edit'), id: z.string().max(60), rule: z.unknown() }),
  /** The whole layer, packed by {@link packDocument}. */
  z.object({ kind: z.literal('import'), packed: z.string().max(2_900) }),
  z.object({ kind: z.literal('remove'), rule: z.string().max(60) }),
  z.object({ kind: z.literal('rollback'), number: z.int().min(0) }),
]);

/** What a person wants of a layer, whatever version it is at. */
export type Wish = z.infer<typeof wish>;

const change = z.object({ scope: z.enum(SCOPES), base: z.int().min(0), wish });

/** A wish, and the version of the layer that the person saw when they made it. */
export type PolicyChange = z.infer<typeof change>;

/** @param metadata a form's private_metadata, which may be anything. @returns null when it holds no change */
export function readChange(metadata: string): PolicyChange | null {
  try {
    return change.parse(JSON.parse(metadata));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** @throws DeskError `policy_invalid` when the rule is not there any more */
function replaceRule(document: LayerDocument, id: string, rule: unknown): unknown {
  if (!document.rules.some((one) => one.id === id))
    throw new DeskError('policy_invalid', { problem: 'the rule you changed is not there any more' });
  return { ...document, rules: document.rules.map((one) => (one.id === id ? rule : one)) };
}

export function placeOf({ workspaceId, memberId }: Actor, scope: Scope): LayerPlace {
  return { workspaceId, owner: scope === 'organisation' ? '' : memberId };
}

/**
 * The layer as it would be.
 * @throws DeskError `policy_invalid`, or `policy_unknown` for a version there never was
 */
export async function applyWish(
  { policy }: Pick<SlackDeps, 'policy'>,
  place: LayerPlace,
  document: LayerDocument,
  wanted: Wish,
): Promise<LayerDocument> {
  switch (wanted.kind) {
    case 'set':
      return writeSetting(document, wanted.action, wanted.outcome);
    case 'add':
      return readLayer({ ...document, rules: [...document.rules, wanted.rule] }, place.owner);
    case 'edit':
      return readLayer(replaceRule(document, wanted.id, wanted.rule), place.owner);
    case 'import':
      return readLayer(unpackDocument(wanted.packed), place.owner);
    case 'remove':
      return { ...document, rules: document.rules.filter(({ id }) => id !== wanted.rule) };
    case 'rollback':
      return (await readNumber(policy.database.db, place, wanted.number)).document;
  }
}
