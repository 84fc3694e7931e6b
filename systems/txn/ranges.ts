/**
 * Ranges of rows: `p/7` is a row of the range `p/`, which transactions read as a whole, rows that are
 * not there included. The range is an item of its own, beside its rows: whoever scans reads it, and
 * whoever inserts a row writes it. So phantoms are conflicts on items like any other, as with the
 * locks on pages of an index (Ports and Grittner 2012, 5.2.1). It is coarse: a change of one row
 * conflicts with a scan that found it, too, and two inserts conflict where both are locked.
 */

export type Range = `${string}/`;

export function isRange(item: string): item is Range {
  return item.endsWith("/");
}

/** The range that a key is a row of. */
export function rangeOf(key: string): Range | undefined {
  const at = key.lastIndexOf("/");
  return at < 0 ? undefined : `${key.slice(0, at)}/`;
}

/** The items that a write of a key touches. */
export function touchedBy(key: string, bugs: ReadonlySet<string>): string[] {
  const range = rangeOf(key);
  if (range === undefined || bugs.has("inserts-ignore-ranges")) return [key];
  return [key, range];
}
