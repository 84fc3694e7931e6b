/** What clients may ask of the key-value group. */

import type { JsonObject } from "../../src/base/json.js";
import { errorCodes, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import type { Operation } from "./messages.js";
import { type ReplicatedService, requestOf } from "./state.js";
import { Store } from "./store.js";

export function keyValueService({ options }: NodeContext): ReplicatedService {
  return {
    state: () => new Store(),
    command: (message) => {
      const { body } = message;
      switch (body["type"]) {
        case "read":
          return { key: String(body["key"]) };
        case "write":
        case "cas":
          if (body["type"] === "cas" && options["mode"] === "async") {
            throw new Refusal(
              errorCodes.notSupported,
              "no cas here: this mode may lose its refusal",
            );
          }
          return requestOf(message, operationOf(body));
        default:
          return undefined;
      }
    },
  };
}

function operationOf({ type, key, value = null, from = null, to = null }: JsonObject): Operation {
  return type === "write"
    ? { type, key: String(key), value }
    : { type: "cas", key: String(key), from, to };
}
