/**
 * Multi-version storage: of each key every value it ever had, with the place in the log of the
 * commit that gave it that value. A snapshot is a place in the log: nothing has to be copied. A range
 * (ranges.ts) has its rows for a value, in the order of their keys.
 *
 * Values are never changed in place. Left out: forgetting versions that no snapshot needs.
 */

import type { Json } from "../../src/base/json.js";
import type { Write } from "./messages.js";
import { isRange, rangeOf } from "./ranges.js";

interface Version {
  timestamp: number;
  value: Json;
}

export class Store {
  readonly #versions = new Map<string, Version[]>();
  /** The keys of each range that were ever written, in order. */
  readonly #keys = new Map<string, string[]>();

  /** The value of a key, null when it was never written; or the rows of a range. */
  latest(item: string): Json {
    return this.at(item, Number.POSITIVE_INFINITY);
  }

  /** The same as of a place in the log. O(versions since), of a range for each of its keys. */
  at(item: string, timestamp: number): Json {
    return isRange(item) ? this.#rows(item, timestamp) : this.#value(item, timestamp);
  }

  /** Makes all writes of one commit visible at once. */
  install(writes: readonly Write[], timestamp: number): void {
    for (const write of writes) {
      const versions = this.#versionsOf(write.key);
      const value = written(this.latest(write.key), write);
      if (versions.at(-1)?.timestamp === timestamp) versions.pop();
      versions.push({ timestamp, value });
    }
  }

  #versionsOf(key: string): Version[] {
    const known = this.#versions.get(key);
    if (known !== undefined) return known;
    const versions: Version[] = [];
    this.#versions.set(key, versions);
    const range = rangeOf(key);
    if (range !== undefined) this.#keys.set(range, [...(this.#keys.get(range) ?? []), key].sort());
    return versions;
  }

  #value(key: string, timestamp: number): Json {
    const versions = this.#versions.get(key) ?? [];
    for (let i = versions.length - 1; i >= 0; i--) {
      const version = versions[i] as Version;
      if (version.timestamp <= timestamp) return version.value;
    }
    return null;
  }

  #rows(range: string, timestamp: number): Json[] {
    const keys = this.#keys.get(range) ?? [];
    return keys
      .map((key) => [key, this.#value(key, timestamp)])
      .filter(([, value]) => value !== null) as Json[];
  }
}

/** What a write makes of a value. */
export function written(value: Json, { kind, value: operand }: Write): Json {
  if (kind === "set") return operand;
  return Array.isArray(value) ? [...value, operand] : [operand];
}
