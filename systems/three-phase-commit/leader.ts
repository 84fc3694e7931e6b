/**
 * Leading a transaction to its outcome: as the coordinator, after the vote, or as any participant that
 * has been in doubt for too long (the termination protocol). Several may lead at a time.
 *
 * The coordinator begins the second phase: it alone may ask for the first pre-commit, and does so only
 * when all have voted yes. A participant first asks all where they stand, and then works for the side
 * that can still win among those that answered. A leader has no say of its own, and keeps nothing on
 * the disk: quorums do.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Outcome } from "../commitment/log.js";
import type { ProtocolParts } from "../commitment/node.js";
import type { Join, Stands } from "./messages.js";
import { decided, type Quorums, quorumsOf, reachable, type State } from "./quorums.js";

/** How long answers are waited for, before the coordinator asks again, or a participant goes by them. */
const ROUND_MS = 120;

/** Who brings transactions to an outcome, after the vote. */
export interface Termination {
  /** As the coordinator, all having voted yes; undefined where others must end it. */
  commit(
    transaction: string,
    participants: readonly string[],
    untilMs: number,
  ): Promise<Outcome | undefined>;
  /** As a participant in doubt. */
  terminate(transaction: string, participants: readonly string[]): void;
  /** A participant says where it stands. */
  onStands(src: string, message: Stands): void;
  /** This node was told the outcome. */
  heard(transaction: string, outcome: Outcome): void;
}

interface Round {
  participants: readonly string[];
  states: Map<string, State>;
  end(outcome: Outcome | undefined): void;
}

export class QuorumLeader implements Termination {
  readonly #parts: Pick<ProtocolParts, "context" | "tell">;
  readonly #context: NodeContext;
  readonly #rounds = new Map<string, Round>();

  constructor(parts: Pick<ProtocolParts, "context" | "tell">) {
    this.#parts = parts;
    this.#context = parts.context;
  }

  commit(
    transaction: string,
    participants: readonly string[],
    untilMs: number,
  ): Promise<Outcome | undefined> {
    return new Promise((resolve) => {
      const round: Round = { participants, states: new Map(), end: resolve };
      this.#rounds.set(transaction, round);
      const ask = (): void => {
        if (this.#rounds.get(transaction) !== round) return;
        if (this.#context.clock.monotonicMs() >= untilMs) {
          this.#rounds.delete(transaction);
          resolve(undefined);
          return;
        }
        this.#join(transaction, round, "commit");
        this.#context.after(ROUND_MS, ask);
      };
      ask();
    });
  }

  /** Leaves a transaction as it is where too few answer. */
  terminate(transaction: string, participants: readonly string[]): void {
    if (this.#rounds.has(transaction)) return;
    const round: Round = { participants, states: new Map(), end: () => undefined };
    this.#rounds.set(transaction, round);
    for (const node of participants) this.#parts.tell(node, { type: "ask", transaction });
    this.#context.after(ROUND_MS, () => {
      if (this.#rounds.get(transaction) !== round) return;
      const toward = reachable(round.states.values(), this.#quorums(round));
      if (toward === undefined)
        this.#context.probe("a transaction was blocked for want of a quorum");
      else {
        this.#context.probe(`a termination went for ${toward}`);
        this.#join(transaction, round, toward);
      }
    });
    this.#context.after(2 * ROUND_MS, () => {
      if (this.#rounds.get(transaction) === round) this.#rounds.delete(transaction);
    });
  }

  onStands(src: string, { transaction, state }: Stands): void {
    const round = this.#rounds.get(transaction);
    if (round === undefined) return;
    round.states.set(src, state);
    const outcome = decided(round.states.values(), this.#quorums(round));
    if (outcome === undefined) return;
    this.#rounds.delete(transaction);
    this.#context.observe("outcome", { transaction, outcome });
    for (const node of round.participants) {
      this.#parts.tell(node, { type: "decide", transaction, outcome });
    }
    round.end(outcome);
  }

  heard(transaction: string, outcome: Outcome): void {
    const round = this.#rounds.get(transaction);
    this.#rounds.delete(transaction);
    round?.end(outcome);
  }

  /** Asks those who have not joined anything, as far as is known. */
  #join(transaction: string, { participants, states }: Round, toward: Outcome): void {
    const message: Join = { type: "join", transaction, toward };
    for (const node of participants) {
      if ((states.get(node) ?? "waits") === "waits") this.#parts.tell(node, message);
    }
  }

  #quorums({ participants }: Round): Quorums {
    if (this.#context.bugs.has("termination-without-quorum")) return { commit: 1, abort: 1 };
    return quorumsOf(participants.length);
  }
}
