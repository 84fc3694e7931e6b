/**
 * An observed-remove set (OR-Set, Shapiro et al. 2011): every add carries a tag of its own, and a
 * remove takes away the tags it has seen. An add that it has not seen survives: between an add and
 * a concurrent remove, the add wins.
 *
 * Removed tags are remembered for ever, so that an old state cannot bring them back; forgetting
 * them safely needs to know that every replica has seen the remove, which is left out. Adding and
 * asking is O(1), removing O(tags), merging O(the other's tags).
 */

import { type Json, type JsonObject, jsonEquals } from "../../src/base/json.js";

type TaggedElements = { [tag: string]: Json };

export class OrSet {
  /** Tag to element. */
  readonly #added: Map<string, Json>;
  readonly #removed: Set<string>;

  /** From its JSON form; empty when there is none. */
  constructor({ added, removed }: JsonObject = {}) {
    this.#added = new Map(Object.entries((added ?? {}) as TaggedElements));
    this.#removed = new Set((removed ?? []) as string[]);
  }

  /** @param tag one that no other add has, on any replica, ever. */
  add(tag: string, element: Json): void {
    if (!this.#removed.has(tag)) this.#added.set(tag, element);
  }

  remove(element: Json): void {
    for (const [tag, candidate] of this.#added) {
      if (jsonEquals(candidate, element)) this.#bury(tag);
    }
  }

  elements(): Json[] {
    const result: Json[] = [];
    for (const element of this.#added.values()) {
      if (!result.some((known) => jsonEquals(known, element))) result.push(element);
    }
    return result;
  }

  /** True when the other knew something new. */
  merge({ added, removed }: JsonObject): boolean {
    let changed = false;
    for (const tag of removed as string[]) {
      if (this.#removed.has(tag)) continue;
      this.#bury(tag);
      changed = true;
    }
    for (const [tag, element] of Object.entries(added as TaggedElements)) {
      if (this.#added.has(tag) || this.#removed.has(tag)) continue;
      this.#added.set(tag, element);
      changed = true;
    }
    return changed;
  }

  toJson(): JsonObject {
    return { added: Object.fromEntries(this.#added), removed: [...this.#removed] };
  }

  #bury(tag: string): void {
    this.#added.delete(tag);
    this.#removed.add(tag);
  }
}
