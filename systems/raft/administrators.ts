/**
 * Requests to change the membership: `{type: "remove_node", node}` -> `{type: "remove_node_ok"}`,
 * and `add_node` likewise. Any server takes them and hands them to the leader. Where none is known,
 * nothing has happened and the answer says so; once handed on, only the leader answers.
 */

import type { JsonObject } from "../../src/base/json.js";
import { errorCodes, type Message, Refusal } from "../../src/hosts/ts/node.js";
import { type Change, requestName } from "./messages.js";
import type { Server } from "./server.js";

export class Administrators {
  readonly #server: Server;
  readonly #hand: (change: Change) => void;
  /** Requests not answered yet, by name. */
  readonly #open = new Map<string, Message>();

  constructor(server: Server, hand: (change: Change) => void) {
    this.#server = server;
    this.#hand = hand;
  }

  isTheirs({ type }: JsonObject): boolean {
    return type === "add_node" || type === "remove_node";
  }

  /** @throws Refusal where no leader is known, or no node named. */
  receive(message: Message): void {
    const { src, body } = message;
    const { type, node, msg_id: requestId } = body;
    if (typeof node !== "string" || typeof requestId !== "number") {
      throw new Refusal(errorCodes.malformedRequest, "node is a name, and msg_id a number");
    }
    if (this.#server.leader === undefined) {
      throw new Refusal(errorCodes.temporarilyUnavailable, "no leader is known");
    }
    const name = requestName({ client: src, requestId });
    this.#open.set(name, message);
    // Who asked has given up by then.
    const { requestTimeoutMs } = this.#server.settings;
    this.#server.context.after(4 * requestTimeoutMs, () => void this.#open.delete(name));
    this.#hand({ type: "change", client: src, requestId, node, add: type === "add_node" });
  }

  answer(request: { client: string; requestId: number }, reply: JsonObject): void {
    const name = requestName(request);
    const message = this.#open.get(name);
    if (message === undefined) return;
    this.#open.delete(name);
    this.#server.context.reply(message, reply);
  }
}
