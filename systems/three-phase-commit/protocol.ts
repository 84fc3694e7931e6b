/** Both sides of three-phase commit at one node. */

import type { JsonObject } from "../../src/hosts/ts/node.js";
import { Balloting } from "../commitment/balloting.js";
import type { LogRecord, Outcome, Part } from "../commitment/log.js";
import type { Prepare } from "../commitment/messages.js";
import { type CommitProtocol, type ProtocolParts, unknownMessage } from "../commitment/node.js";
import type { Termination } from "./leader.js";
import type { Decide, ProtocolMessage } from "./messages.js";
import { type DoubtMs, Participant } from "./participant.js";

/** What quorums and bounded messages do differently. */
export interface Variant {
  leader: Termination;
  doubtMs: DoubtMs;
  /** How long votes are waited for; as in two-phase commit when left out. */
  votesMs?: number;
}

export class ThreePhaseCommit implements CommitProtocol {
  readonly #parts: ProtocolParts;
  readonly #balloting: Balloting;
  readonly #leader: Termination;
  readonly #participant: Participant;

  constructor(parts: ProtocolParts, { leader, doubtMs, votesMs }: Variant) {
    this.#parts = parts;
    this.#balloting = new Balloting(parts, votesMs);
    this.#leader = leader;
    this.#participant = new Participant(parts, leader, doubtMs);
  }

  recover(records: readonly LogRecord[], inDoubt: readonly Part[]): void {
    this.#participant.recover(records, inDoubt);
  }

  /** A coordinator that has asked nobody to commit yet may abort by itself: nobody ever will. */
  async commit(parts: ReadonlyMap<string, Part>, untilMs: number): Promise<Outcome | undefined> {
    const [first] = parts.values();
    if (first === undefined) return "commit";
    const { transaction } = first;
    const bound = await this.#balloting.collect(parts);
    if (bound === undefined) {
      const abort: Decide = { type: "decide", transaction, outcome: "abort" };
      for (const node of parts.keys()) this.#parts.tell(node, abort);
      return "abort";
    }
    if (bound.length === 0) return "commit";
    return this.#leader.commit(transaction, bound, untilMs);
  }

  prepare(src: string, message: Prepare): Promise<void> {
    return this.#participant.prepare(src, message);
  }

  receive(src: string, body: JsonObject): void | Promise<void> {
    const message = body as ProtocolMessage;
    switch (message.type) {
      case "voted":
        return this.#balloting.onVoted(src, message);
      case "join":
        return this.#participant.onJoin(src, message);
      case "ask":
        return this.#participant.onAsk(src, message);
      case "stands":
        return this.#leader.onStands(src, message);
      case "decide":
        return this.#participant.onDecide(message);
      default:
        throw unknownMessage(body);
    }
  }
}
