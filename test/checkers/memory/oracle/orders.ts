/**
 * Whether some total order of some elements is legal: every element after those it must follow, and
 * each that asks for what its key holds finds it there. Tries all orders, remembering which sets of
 * placed elements, with what the keys then held, lead nowhere. For a dozen elements: sets are bits.
 */

/** What a key holds: a value, or the number of a write, as the caller likes. */
export type Content = number | string;

export interface Element {
  /** Bits of the elements that come before it. */
  after: number;
  /** Absent of what neither asks for a content nor leaves one. */
  key?: number;
  /** Must be what the key holds at its place. */
  asks?: Content;
  /** What the key holds from its place on. */
  leaves?: Content;
}

/** `initial` is what all keys hold before everything. */
export function hasOrder(elements: readonly Element[], keys: number, initial: Content): boolean {
  const everything = (1 << elements.length) - 1;
  const dead = new Set<string>();
  const contents: Content[] = new Array<Content>(keys).fill(initial);

  function isEnabled(at: number, placed: number): boolean {
    const { after, key, asks } = elements[at]!;
    if ((placed & (1 << at)) !== 0 || (after & ~placed) !== 0) return false;
    return asks === undefined || contents[key!] === asks;
  }

  function extend(before: number): boolean {
    let placed = before;
    // What leaves nothing behind may stand as early as it can: nothing else is hindered by it.
    for (let isMore = true; isMore; ) {
      isMore = false;
      for (let at = 0; at < elements.length; at++) {
        if (elements[at]!.leaves !== undefined || !isEnabled(at, placed)) continue;
        placed |= 1 << at;
        isMore = true;
      }
    }
    if (placed === everything) return true;
    const state = `${placed}:${contents.join()}`;
    if (dead.has(state)) return false;
    for (let at = 0; at < elements.length; at++) {
      if (!isEnabled(at, placed)) continue;
      const { key, leaves } = elements[at]!;
      const held = contents[key!]!;
      contents[key!] = leaves!;
      const isFound = extend(placed | (1 << at));
      contents[key!] = held;
      if (isFound) return true;
    }
    dead.add(state);
    return false;
  }

  return extend(0);
}

/** Every order of the elements in which each comes after those of its mask; elements by number. */
export function* allOrders(after: readonly number[]): Generator<number[]> {
  const order: number[] = [];
  function* extend(placed: number): Generator<number[]> {
    if (order.length === after.length) yield [...order];
    for (let at = 0; at < after.length; at++) {
      if ((placed & (1 << at)) !== 0 || (after[at]! & ~placed) !== 0) continue;
      order.push(at);
      yield* extend(placed | (1 << at));
      order.pop();
    }
  }
  yield* extend(0);
}

export function some<T>(items: Iterable<T>, holds: (item: T) => boolean): boolean {
  for (const item of items) if (holds(item)) return true;
  return false;
}
