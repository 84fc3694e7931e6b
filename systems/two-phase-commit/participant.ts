/**
 * The participant's side. Once it has voted yes it may neither commit nor abort by itself: it is in
 * doubt until it hears, and its locks stay.
 *
 * In doubt, it asks the coordinator, and soon the other participants as well (cooperative termination:
 * Bernstein, Hadzilacos and Goodman, 1987, section 7.4). One that knows the outcome says it; one that
 * has not voted refuses for good, and knows it then: abort. Where all are in doubt and the coordinator
 * is silent, nobody knows: two-phase commit blocks.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Outcome, Part } from "../commitment/log.js";
import type { Prepare } from "../commitment/messages.js";
import type { ProtocolParts } from "../commitment/node.js";
import type { Decide, Inquire } from "./messages.js";

/** How long a participant is in doubt before it asks, and from one question to the next. */
const DOUBT_MS = 200;
/** Questions to the coordinator alone, before the others are asked too. */
const ALONE = 1;

export class Participant {
  readonly #parts: ProtocolParts;
  readonly #context: NodeContext;

  constructor(parts: ProtocolParts) {
    this.#parts = parts;
    this.#context = parts.context;
  }

  recover(inDoubt: readonly Part[]): void {
    for (const part of inDoubt) this.#doubt(part, 0);
  }

  async prepare(src: string, message: Prepare): Promise<void> {
    const { part } = message;
    const { transaction } = part;
    const vote = await this.#parts.resources.prepare(message);
    if (vote === undefined) return;
    if (vote === "yes") this.#context.after(DOUBT_MS, () => this.#doubt(part, 0));
    this.#parts.tell(src, { type: "voted", transaction, vote });
  }

  async onDecide(src: string, { transaction, outcome }: Decide): Promise<void> {
    const { log, resources, tell } = this.#parts;
    resources.finish(this.#meant(transaction), outcome);
    if (outcome === "abort") return;
    await log.force();
    tell(src, { type: "ack", transaction });
  }

  /** Another participant is in doubt. */
  async onInquire(src: string, { transaction }: Inquire): Promise<void> {
    const { log, resources } = this.#parts;
    switch (resources.standing(transaction)?.phase ?? "active") {
      case "active":
        this.#context.probe("a participant refused so that another could end");
        await resources.refuse({ transaction });
        return this.#tell(src, transaction, "abort");
      case "refused":
        await log.force();
        return this.#tell(src, transaction, "abort");
      case "aborted":
        return this.#tell(src, transaction, "abort");
      case "committed":
        this.#context.probe("a participant told another one the outcome");
        return this.#tell(src, transaction, "commit");
      default:
        return;
    }
  }

  /** Asks, and asks again, while the transaction is prepared and no more. */
  #doubt(part: Part, asked: number): void {
    const { resources, tell } = this.#parts;
    const { transaction, coordinator, participants } = part;
    if (resources.standing(transaction)?.phase !== "prepared") return;
    if (asked > 0 && this.#context.bugs.has("abort-in-doubt")) {
      resources.finish(transaction, "abort");
      return;
    }
    this.#context.probe("a participant was in doubt");
    const others = asked < ALONE ? [] : participants.filter((node) => node !== coordinator);
    for (const node of [coordinator, ...others]) {
      const own = node === this.#context.id && node !== coordinator;
      if (!own) tell(node, { type: "inquire", transaction, coordinator });
    }
    this.#context.after(DOUBT_MS, () => this.#doubt(part, asked + 1));
  }

  /** The transaction that an outcome is for. */
  #meant(transaction: string): string {
    if (!this.#context.bugs.has("outcome-by-session")) return transaction;
    const session = sessionOf(transaction);
    const open = this.#parts.resources
      .inDoubt()
      .find((part) => sessionOf(part.transaction) === session);
    return open?.transaction ?? transaction;
  }

  #tell(node: string, transaction: string, outcome: Outcome): void {
    this.#parts.tell(node, { type: "decide", transaction, outcome });
  }
}

/** The client whose transaction it is. */
function sessionOf(transaction: string): string {
  return transaction.slice(0, transaction.indexOf("/"));
}
