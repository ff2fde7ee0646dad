import { randomBytes } from 'node:crypto';
import { isInteractive } from './elements.ts';
import { isObject } from './rules.ts';

const id = (): string => randomBytes(4).toString('base64url').slice(0, 5);

/**
 * Fills in what Slack fills in before it stores blocks: a `block_id` for each block, an `action_id` for each
 * element one can act on, and the defaults of text objects.
 */
export function completeBlocks(blocks: readonly unknown[]): Record<string, unknown>[] {
  return blocks.filter(isObject).map((block) => {
    const filled = fill(block) as Record<string, unknown>;
    return typeof filled['block_id'] === 'string' ? filled : { ...filled, block_id: id() };
  });
}

function fill(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fill);
  if (!isObject(value)) return value;
  const filled = Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      name === 'child_blocks' && Array.isArray(entry) ? completeBlocks(entry) : fill(entry),
    ]),
  );
  const type = filled['type'];
  if (type === 'plain_text') return { ...filled, emoji: filled['emoji'] ?? true };
  if (type === 'mrkdwn') return { ...filled, verbatim: filled['verbatim'] ?? false };
  if (typeof type === 'string' && isInteractive(type))
    return { ...filled, action_id: filled['action_id'] ?? id() };
  if (type === 'card' && filled['block_id'] === undefined) return { ...filled, block_id: id() };
  return filled;
}
