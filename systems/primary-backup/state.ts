/**
 * What a group replicates: a state that requests change, one after the other, and of each client the
 * last request applied with its reply. A request may stand in the log twice (the network duplicates,
 * nodes send again to the next primary); the state makes it happen once. A client has one request
 * open at a time.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { errorCodes, type Message } from "../../src/hosts/ts/node.js";
import type { Command, Operation, Request } from "./messages.js";
import type { Rules } from "./rules.js";

export interface StateOptions {
  /** Whether a request that stands in the log twice is applied once, as it should be. */
  once?: boolean;
}

export abstract class State {
  readonly #once: boolean;
  readonly #last = new Map<string, { number: number; reply: JsonObject }>();

  constructor({ once = true }: StateOptions = {}) {
    this.#once = once;
  }

  /** The reply to a read of the key, or of whatever such a state is asked for. */
  abstract read(key: Json): JsonObject;

  /** Changes the state; the reply. */
  protected abstract execute(operation: Operation): JsonObject;

  /** The reply to the request. O(1), the execution apart. */
  apply({ client, number, operation }: Request): JsonObject {
    const last = this.#last.get(client);
    if (this.#once && last !== undefined && number <= last.number) {
      // Nobody waits for the reply to an earlier one any more.
      return number === last.number ? last.reply : error(errorCodes.timeout, "given up since");
    }
    const reply = this.execute(operation);
    this.#last.set(client, { number, reply });
    return reply;
  }
}

/** What a group offers its clients. */
export interface ReplicatedService {
  /** The state before the first request. */
  state(): State;
  /** What a client's message asks for; undefined for messages that are none of a client's. */
  command(message: Message): Command | undefined;
  /** How many nodes each step needs; as the options say when left out. */
  rules?: Rules;
}

/** A message's request, to be applied once. */
export function requestOf({ src, body }: Message, operation: Operation): Command {
  return { request: { client: src, number: Number(body["msg_id"]), operation } };
}

export function error(code: number, text: string): JsonObject {
  return { type: "error", code, text };
}
