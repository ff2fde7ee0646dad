/** Series of a page in Prometheus's text format: `name{labels}` → value. */
export function readSeries(page: string): ReadonlyMap<string, number> {
  const series = new Map<string, number>();
  for (const line of page.split('\n')) {
    const found = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/.exec(line);
    if (found !== null) series.set(found[1] ?? '', Number(found[2]));
  }
  return series;
}

/** How much each of our series grew between two pages; those that stayed are left out, and ages, which always grow. */
export function findGrowth(before: string, after: string): Record<string, number> {
  const earlier = readSeries(before);
  return Object.fromEntries(
    [...readSeries(after)]
      .filter(([name]) => name.startsWith('agentdesk_') && !name.includes('_oldest_'))
      .map(([name, value]) => [name, value - (earlier.get(name) ?? 0)] as const)
      .filter(([, grown]) => grown !== 0),
  );
}
