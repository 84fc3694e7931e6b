/**
 * The memory behind the buffers, kept by one node: it takes each change once, one at a time, and
 * shows only what is durable.
 *
 * A change is named by its session and its place among the session's changes. A buffer that got no
 * answer sends it again; the memory answers as it did the first time.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { type Disk, errorCodes, Refusal } from "../../src/hosts/ts/node.js";
import { type Change, make } from "../sessions/changes.js";
import { DurableLog } from "../sessions/durable-log.js";

export type Stored = { session: string; place: number; change: Change };

export class Memory {
  readonly #log: DurableLog<Stored>;
  readonly #values = new Map<string, Json>();
  /** By session and place, the reply to what was taken. */
  readonly #taken = new Map<string, JsonObject>();
  readonly #appended = new Set<string>();

  constructor(disk: Disk) {
    this.#log = new DurableLog(disk, "memory", (stored: Stored) => {
      this.#appended.add(nameOf(stored));
      this.#taken.set(nameOf(stored), make(stored.change, this.#values));
    });
  }

  async onMessage(body: JsonObject): Promise<JsonObject> {
    switch (body["type"]) {
      case "store":
        return { type: "store_ok", reply: await this.#store(body["stored"] as Stored) };
      case "load":
        return this.#load(String(body["key"]), body["unless"] as Place | null);
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  async #store(stored: Stored): Promise<JsonObject> {
    const name = nameOf(stored);
    if (!this.#appended.has(name)) {
      this.#appended.add(name);
      await this.#log.append(stored);
    }
    await this.#log.settled();
    return this.#taken.get(name) as JsonObject;
  }

  /** The value, unless that change has not come out of its buffer yet. */
  #load(key: string, unless: Place | null): JsonObject {
    const waiting = unless !== null && !this.#taken.has(nameOf(unless));
    return { type: "load_ok", waiting, value: waiting ? null : (this.#values.get(key) ?? null) };
  }
}

/** Which change of which session. */
export type Place = { session: string; place: number };

function nameOf({ session, place }: Place): string {
  return `${session}/${place}`;
}
