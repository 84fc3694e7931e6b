/**
 * Multi-version storage: of each key every value it ever had, with the place in the log of the
 * commit that gave it that value. A snapshot is a place in the log: nothing has to be copied.
 *
 * Values are never changed in place. Left out: forgetting versions that no snapshot needs.
 */

import type { Json } from "../../src/base/json.js";
import type { Write } from "./messages.js";

interface Version {
  timestamp: number;
  value: Json;
}

export class Store {
  readonly #versions = new Map<string, Version[]>();

  latest(key: string): Json {
    return this.#versions.get(key)?.at(-1)?.value ?? null;
  }

  /** The value as of a place in the log; null when the key was never written. O(versions since). */
  at(key: string, timestamp: number): Json {
    const versions = this.#versions.get(key) ?? [];
    for (let i = versions.length - 1; i >= 0; i--) {
      const version = versions[i] as Version;
      if (version.timestamp <= timestamp) return version.value;
    }
    return null;
  }

  /** When the key got its latest value; 0 when it never had one. */
  changed(key: string): number {
    return this.#versions.get(key)?.at(-1)?.timestamp ?? 0;
  }

  /** Makes all writes of one commit visible at once. */
  install(writes: readonly Write[], timestamp: number): void {
    for (const write of writes) {
      const versions = this.#versions.get(write.key) ?? [];
      this.#versions.set(write.key, versions);
      const value = written(this.latest(write.key), write);
      if (versions.at(-1)?.timestamp === timestamp) versions.pop();
      versions.push({ timestamp, value });
    }
  }
}

/** What a write makes of a value. */
export function written(value: Json, { kind, value: operand }: Write): Json {
  if (kind === "set") return operand;
  return Array.isArray(value) ? [...value, operand] : [operand];
}
