/** The circle of identifiers: 32 bits, clockwise. Nodes and keys are put on it by the same hash. */

/** FNV-1a (Fowler, Noll, Vo), its bits mixed as MurmurHash3 ends (Appleby): close names lie far apart. */
export function idOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** How far it is clockwise. */
export function distance(from: number, to: number): number {
  return (to - from) >>> 0;
}

/** Whether `id` lies in (from, to], clockwise; everything does where both are the same. */
export function isUpTo(id: number, from: number, to: number): boolean {
  return from === to || (id !== from && distance(from, id) <= distance(from, to));
}

/** Whether `id` lies in (from, to), clockwise; everything but it does where both are the same. */
export function isBetween(id: number, from: number, to: number): boolean {
  return id !== to && isUpTo(id, from, to);
}
