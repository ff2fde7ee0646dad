/** Blocks that belong together: a heading and what stands under it. */
export interface Group<Block> {
  readonly heading: Block;
  /** Each one or more blocks that stay together. */
  readonly items: readonly (readonly Block[])[];
}

/**
 * Puts groups on pages: a group stays whole where it can, and a longer one goes on under its heading again.
 * @param most blocks of a page
 * @returns at least one page
 */
export function paginate<Block>(groups: readonly Group<Block>[], most: number): Block[][] {
  const pages: Block[][] = [[]];
  const last = (): Block[] => pages.at(-1) ?? [];
  for (const { heading, items } of groups) {
    const size = 1 + items.flat().length;
    if (last().length > 0 && last().length + size > most) pages.push([]);
    last().push(heading);
    for (const item of items) {
      if (last().length + item.length > most) pages.push([heading]);
      last().push(...item);
    }
  }
  return pages;
}
