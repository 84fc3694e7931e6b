/**
 * The replicated state: keys with their values, and of each client the last request applied with its
 * reply. A request may stand in the log twice (the network duplicates, nodes send again to the next
 * primary); the state makes it happen once. A client has one request open at a time.
 */

import { type Json, type JsonObject, jsonEquals } from "../../src/base/json.js";
import { errorCodes } from "../../src/hosts/ts/node.js";
import type { Operation, Request } from "./messages.js";

export class Store {
  readonly #values = new Map<string, Json>();
  readonly #last = new Map<string, { number: number; reply: JsonObject }>();

  read(key: string): JsonObject {
    return { type: "read_ok", value: this.#values.get(key) ?? null };
  }

  /** The reply to the request. O(1). */
  apply({ client, number, operation }: Request): JsonObject {
    const last = this.#last.get(client);
    if (last !== undefined && number <= last.number) {
      // Nobody waits for the reply to an earlier one any more.
      return number === last.number ? last.reply : error(errorCodes.timeout, "given up since");
    }
    const reply = this.#execute(operation);
    this.#last.set(client, { number, reply });
    return reply;
  }

  #execute(operation: Operation): JsonObject {
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

function error(code: number, text: string): JsonObject {
  return { type: "error", code, text };
}
