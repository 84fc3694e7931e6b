/** The replicated state of the key-value service: keys with their values. */

import { type Json, type JsonObject, jsonEquals } from "../../src/base/json.js";
import { errorCodes } from "../../src/hosts/ts/node.js";
import type { Operation } from "./messages.js";
import { error, State } from "./state.js";

export type KeyValueOperation =
  | { type: "write"; key: string; value: Json }
  | { type: "cas"; key: string; from: Json; to: Json };

export class Store extends State {
  readonly #values = new Map<string, Json>();

  read(key: Json): JsonObject {
    return { type: "read_ok", value: this.#values.get(String(key)) ?? null };
  }

  protected execute(replicated: Operation): JsonObject {
    const operation = replicated as KeyValueOperation;
    const { key } = operation;
    if (operation.type === "write") {
      this.#values.set(key, operation.value);
      return { type: "write_ok" };
    }
    const value = this.#values.get(key);
    if (value === undefined) return error(errorCodes.keyDoesNotExist, `no key ${key}`);
    if (!jsonEquals(value, operation.from)) {
      return error(errorCodes.preconditionFailed, `${key} is ${JSON.stringify(value)}`);
    }
    this.#values.set(key, operation.to);
    return { type: "cas_ok" };
  }
}
