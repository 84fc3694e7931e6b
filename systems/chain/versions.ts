/**
 * CRAQ's versions of every key (Terrace and Freedman 2009, section 2.3).
 *
 * An update makes a version, numbered by its place in the log, as soon as it is in the log: dirty until
 * it has passed the tail, clean from then on. A clean version makes all older ones of its key garbage.
 */

import { type Json, type JsonObject, jsonEquals } from "../../src/base/json.js";
import { errorCodes } from "../../src/hosts/ts/node.js";
import type { Operation, Request } from "../primary-backup/messages.js";
import { error, State } from "../primary-backup/state.js";

type Version = { number: number; value: Json };

export class Versions extends State {
  /** By key, oldest first. */
  readonly #versions = new Map<string, Version[]>();
  /** Keys that have a dirty version, or garbage. */
  readonly #unsettled = new Set<string>();
  #length = 0;
  #clean = 0;

  /** How many entries of the log are in. */
  get length(): number {
    return this.#length;
  }

  /** The next entry of the log; the reply to it, where it is a request. O(1). */
  take(request: Request | null): JsonObject | undefined {
    this.#length++;
    return request === null ? undefined : this.apply(request);
  }

  /** The first `length` entries have passed the tail. Collects garbage. O(unsettled versions). */
  settle(length: number): void {
    this.#clean = length;
    for (const key of this.#unsettled) {
      const versions = this.#of(key);
      const clean = versions.findLastIndex(({ number }) => number <= length);
      if (clean > 0) versions.splice(0, clean);
      if (versions.length === 1 && clean >= 0) this.#unsettled.delete(key);
    }
  }

  isDirty(key: string): boolean {
    return (this.#of(key).at(-1)?.number ?? 0) > this.#clean;
  }

  /** The number of the clean version; 0 where there is none. */
  cleanNumber(key: string): number {
    return this.#cleanVersion(key)?.number ?? 0;
  }

  clean(key: string): JsonObject {
    return readOk(this.#cleanVersion(key)?.value);
  }

  /** The value of exactly this version; undefined where it is garbage, collected by now. */
  exactly(key: string, number: number): JsonObject | undefined {
    const version = this.#of(key).find((one) => one.number === number);
    return version === undefined ? undefined : readOk(version.value);
  }

  /** The newest version, dirty or not. */
  read(key: Json): JsonObject {
    return readOk(this.#of(String(key)).at(-1)?.value);
  }

  protected execute({ type, key, value, from, to }: Operation): JsonObject {
    const name = String(key);
    if (type === "write") {
      this.#add(name, value ?? null);
      return { type: "write_ok" };
    }
    const latest = this.#of(name).at(-1);
    if (latest === undefined) return error(errorCodes.keyDoesNotExist, `no key ${name}`);
    if (!jsonEquals(latest.value, from ?? null)) {
      return error(errorCodes.preconditionFailed, `${name} is ${JSON.stringify(latest.value)}`);
    }
    this.#add(name, to ?? null);
    return { type: "cas_ok" };
  }

  #add(key: string, value: Json): void {
    const versions = this.#of(key);
    versions.push({ number: this.#length, value });
    this.#versions.set(key, versions);
    this.#unsettled.add(key);
  }

  #cleanVersion(key: string): Version | undefined {
    return this.#of(key).findLast(({ number }) => number <= this.#clean);
  }

  #of(key: string): Version[] {
    return this.#versions.get(key) ?? [];
  }
}

function readOk(value: Json = null): JsonObject {
  return { type: "read_ok", value };
}
