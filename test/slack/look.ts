import type { Message } from '../../src/sandbox/slack/world.ts';

type Perhaps<Found> = Found | undefined | null | false;

/** Waits until `read` finds what it looks for, in the stand-in or elsewhere. */
export async function until<Found>(read: () => Perhaps<Found> | Promise<Perhaps<Found>>): Promise<Found> {
  for (let look = 0; look < 400; look += 1) {
    const found = await read();
    if (found !== undefined && found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it did not come to pass');
}

/** The button with that action in a message, view or list of blocks. */
export function findButton(shown: unknown, actionId: string): { block_id: string; action_id: string } | null {
  const { blocks } = shown as { blocks?: { block_id?: string; elements?: unknown[]; accessory?: unknown }[] };
  for (const block of blocks ?? []) {
    const elements = [...(block.elements ?? []), block.accessory] as ({ action_id?: string } | undefined)[];
    if (elements.some((element) => element?.action_id === actionId)) {
      return { block_id: block.block_id ?? '', action_id: actionId };
    }
  }
  return null;
}

/** The button beside a line of the audit that has those words. */
export function findLine(
  view: unknown,
  words: string,
): { block_id: string; action_id: string; value: string } {
  const { blocks } = view as {
    blocks: { block_id: string; accessory?: { action_id: string; value: string } }[];
  };
  const line = blocks.find(
    (block) => block.accessory?.action_id === 'audit_story' && JSON.stringify(block).includes(words),
  );
  if (line?.accessory === undefined) throw new Error(`no line with ${words}`);
  return { block_id: line.block_id, ...line.accessory };
}

export const textOf = (message: Message): string => `${message.text} ${JSON.stringify(message.blocks ?? [])}`;
