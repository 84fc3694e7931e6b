/**
 * The participant's side: it votes, joins one side when it is asked to, and hears the outcome. What it
 * has said is in its log: its vote, and the side, which it never changes. When it hears nothing for
 * too long it leads the transaction to its end itself (leader.ts).
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { LogRecord, Outcome, Part } from "../commitment/log.js";
import type { Prepare } from "../commitment/messages.js";
import type { ProtocolParts } from "../commitment/node.js";
import type { Termination } from "./leader.js";
import type { Ask, Decide, Join, Stands } from "./messages.js";
import type { State } from "./quorums.js";

/** How long a participant hears nothing before it acts, and from one try to the next; drawn anew. */
export interface DoubtMs {
  min: number;
  max: number;
}

export class Participant {
  readonly #parts: ProtocolParts;
  readonly #context: NodeContext;
  readonly #leader: Termination;
  readonly #doubtMs: DoubtMs;
  /** Which side it has joined, in which transaction. */
  readonly #joined = new Map<string, Outcome>();
  /** In doubt since before the last crash. */
  readonly #recovered = new Set<string>();

  constructor(parts: ProtocolParts, leader: Termination, doubtMs: DoubtMs) {
    this.#parts = parts;
    this.#context = parts.context;
    this.#leader = leader;
    this.#doubtMs = doubtMs;
  }

  recover(records: readonly LogRecord[], inDoubt: readonly Part[]): void {
    for (const record of records) {
      if (record.kind === "joined") this.#joined.set(record.transaction, record.toward);
    }
    for (const part of inDoubt) {
      this.#recovered.add(part.transaction);
      this.#doubtLater(part);
    }
  }

  async prepare(src: string, message: Prepare): Promise<void> {
    const { part } = message;
    const { transaction } = part;
    const isNew = this.#parts.resources.standing(transaction)?.phase !== "prepared";
    const vote = await this.#parts.resources.prepare(message);
    if (vote === undefined) return;
    if (vote === "yes" && isNew) this.#doubtLater(part);
    this.#parts.tell(src, { type: "voted", transaction, vote });
  }

  async onJoin(src: string, { transaction, toward }: Join): Promise<void> {
    const { log, resources } = this.#parts;
    if (resources.standing(transaction)?.phase === "prepared" && !this.#joined.has(transaction)) {
      this.#joined.set(transaction, toward);
      log.append({ kind: "joined", transaction, toward });
    }
    await this.#answer(src, transaction);
  }

  /** Somebody leads: where does it stand here? Who has not voted never will, so that it can end. */
  async onAsk(src: string, { transaction }: Ask): Promise<void> {
    const { resources } = this.#parts;
    if ((resources.standing(transaction)?.phase ?? "active") === "active") {
      this.#context.probe("a participant refused so that others could end");
      await resources.refuse({ transaction });
    }
    await this.#answer(src, transaction);
  }

  onDecide({ transaction, outcome }: Decide): void {
    this.#parts.resources.finish(transaction, outcome);
    this.#leader.heard(transaction, outcome);
  }

  /** Says how it stood when it was asked, once that is durable. */
  async #answer(node: string, transaction: string): Promise<void> {
    const state = this.#state(transaction);
    if (state === undefined) return;
    await this.#parts.log.force();
    const recovered = this.#recovered.has(transaction);
    const message: Stands = { type: "stands", transaction, state, recovered };
    this.#parts.tell(node, message);
    // Whoever leads here must not go by what it was before.
    if (node !== this.#context.id) this.#leader.onStands(this.#context.id, message);
  }

  #state(transaction: string): State | undefined {
    switch (this.#parts.resources.standing(transaction)?.phase) {
      case "committed":
        return "committed";
      case "refused":
      case "aborted":
        return "aborted";
      case "prepared": {
        const side = this.#joined.get(transaction);
        return side === undefined ? "waits" : side === "commit" ? "pre-commit" : "pre-abort";
      }
      default:
        return undefined;
    }
  }

  #doubtLater(part: Part): void {
    const { after, random } = this.#context;
    after(random.between(this.#doubtMs.min, this.#doubtMs.max), () => {
      if (this.#parts.resources.standing(part.transaction)?.phase !== "prepared") return;
      this.#context.probe("a participant was in doubt");
      this.#leader.terminate(part.transaction, part.participants);
      this.#doubtLater(part);
    });
  }
}
