/** Both sides of two-phase commit at one node. */

import type { JsonObject } from "../../src/hosts/ts/node.js";
import type { LogRecord, Outcome, Part } from "../commitment/log.js";
import type { Prepare } from "../commitment/messages.js";
import { type CommitProtocol, type ProtocolParts, unknownMessage } from "../commitment/node.js";
import { Coordinator } from "./coordinator.js";
import type { ProtocolMessage } from "./messages.js";
import { Participant } from "./participant.js";

export class TwoPhaseCommit implements CommitProtocol {
  readonly #id: string;
  readonly #coordinator: Coordinator;
  readonly #participant: Participant;

  constructor(parts: ProtocolParts) {
    this.#id = parts.context.id;
    this.#coordinator = new Coordinator(parts);
    this.#participant = new Participant(parts);
  }

  recover(records: readonly LogRecord[], inDoubt: readonly Part[]): void {
    this.#coordinator.recover(records);
    this.#participant.recover(inDoubt);
  }

  commit(parts: ReadonlyMap<string, Part>): Promise<Outcome> {
    return this.#coordinator.commit(parts);
  }

  prepare(src: string, message: Prepare): Promise<void> {
    return this.#participant.prepare(src, message);
  }

  receive(src: string, body: JsonObject): void | Promise<void> {
    const message = body as ProtocolMessage;
    switch (message.type) {
      case "voted":
        return this.#coordinator.balloting.onVoted(src, message);
      case "decide":
        return this.#participant.onDecide(src, message);
      case "ack":
        return this.#coordinator.onAck(src, message);
      case "inquire":
        if (message.coordinator === this.#id) return this.#coordinator.onInquire(src, message);
        return this.#participant.onInquire(src, message);
      default:
        throw unknownMessage(body);
    }
  }
}
