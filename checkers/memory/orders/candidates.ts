/** A binary heap of keys by priority, lowest first, lower keys first among equals. O(log size) each. */

export class Candidates {
  #priorities: number[] = [];
  #keys: number[] = [];

  push(priority: number, key: number): void {
    const priorities = this.#priorities;
    const keys = this.#keys;
    let at = keys.length;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!precedes(priority, key, priorities[parent]!, keys[parent]!)) break;
      priorities[at] = priorities[parent]!;
      keys[at] = keys[parent]!;
      at = parent;
    }
    priorities[at] = priority;
    keys[at] = key;
  }

  /** The key of lowest priority; undefined when empty. */
  pop(): number | undefined {
    const priorities = this.#priorities;
    const keys = this.#keys;
    const top = keys[0];
    const priority = priorities.pop();
    const key = keys.pop();
    if (top === undefined || priority === undefined || key === undefined) return undefined;
    const size = keys.length;
    if (size === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (
        right < size &&
        precedes(priorities[right]!, keys[right]!, priorities[child]!, keys[child]!)
      ) {
        child = right;
      }
      if (!precedes(priorities[child]!, keys[child]!, priority, key)) break;
      priorities[at] = priorities[child]!;
      keys[at] = keys[child]!;
      at = child;
    }
    priorities[at] = priority;
    keys[at] = key;
    return top;
  }
}

function precedes(priority: number, key: number, otherPriority: number, otherKey: number): boolean {
  return priority < otherPriority || (priority === otherPriority && key < otherKey);
}
