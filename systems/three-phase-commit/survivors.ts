/**
 * Leading a transaction to its outcome where messages and steps have a bound (Skeen, "Nonblocking Commit
 * Protocols", 1981): whoever does not answer in time has crashed, and is not counted.
 *
 * The coordinator asks all to join the commit, and commits when those that are up have. If it crashes,
 * the first of the survivors takes its place: those participants that have not crashed since they
 * voted. Where one of them has joined the commit, all do, and it is one; where none has, nobody can have
 * committed, for that takes all survivors: abort. It moves the others to its side before it decides, so
 * that its own successor would decide the same.
 *
 * Who comes back after a crash has missed something: it asks and has no say, until a survivor knows the
 * outcome. Where all have crashed, it takes all of them again, and what they find in their logs.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Outcome } from "../commitment/log.js";
import type { ProtocolParts } from "../commitment/node.js";
import type { Termination } from "./leader.js";
import type { Stands } from "./messages.js";
import type { State } from "./quorums.js";

interface Standing {
  state: State;
  recovered: boolean;
}

interface Round {
  participants: readonly string[];
  standings: Map<string, Standing>;
  /** The side that all are being moved to, and who has not said that it is there. */
  move?: { toward: Outcome; missing: Set<string> };
  /** An outcome is known to somebody. */
  end(outcome: Outcome): void;
}

export class SurvivorsLeader implements Termination {
  readonly #parts: Pick<ProtocolParts, "context" | "tell">;
  readonly #context: NodeContext;
  readonly #roundMs: number;
  readonly #rounds = new Map<string, Round>();

  constructor(parts: Pick<ProtocolParts, "context" | "tell">, roundMs: number) {
    this.#parts = parts;
    this.#context = parts.context;
    this.#roundMs = roundMs;
  }

  /** All have voted yes. Undefined where all participants have crashed: they must end it. */
  commit(transaction: string, participants: readonly string[]): Promise<Outcome | undefined> {
    return new Promise((resolve) => {
      const round: Round = { participants, standings: new Map(), end: resolve };
      this.#rounds.set(transaction, round);
      this.#move(transaction, round, { toward: "commit", missing: new Set(participants) });
      this.#after(transaction, round, () => {
        const joined = [...round.standings.values()].some(({ state }) => state === "pre-commit");
        if (joined) return this.#decide(transaction, round, "commit");
        this.#rounds.delete(transaction);
        resolve(undefined);
      });
    });
  }

  terminate(transaction: string, participants: readonly string[]): void {
    if (this.#rounds.has(transaction)) return;
    const round: Round = { participants, standings: new Map(), end: () => undefined };
    this.#rounds.set(transaction, round);
    for (const node of participants) this.#parts.tell(node, { type: "ask", transaction });
    this.#after(transaction, round, () => this.#lead(transaction, round));
  }

  onStands(src: string, { transaction, state, recovered }: Stands): void {
    const round = this.#rounds.get(transaction);
    if (round === undefined) return;
    round.standings.set(src, { state, recovered });
    if (state === "committed") this.#decide(transaction, round, "commit");
    else if (state === "aborted") this.#decide(transaction, round, "abort");
    else if (state !== "waits" && round.move !== undefined) {
      const { toward, missing } = round.move;
      missing.delete(src);
      if (missing.size === 0) this.#decide(transaction, round, toward);
    }
  }

  heard(transaction: string, outcome: Outcome): void {
    const round = this.#rounds.get(transaction);
    this.#rounds.delete(transaction);
    round?.end(outcome);
  }

  /** All that are up have answered: leads, unless another one has to. */
  #lead(transaction: string, round: Round): void {
    const { participants, standings } = round;
    const survivors = participants.filter((node) => standings.get(node)?.recovered === false);
    const isComplete = participants.every((node) => standings.has(node));
    const electors = survivors.length > 0 ? survivors : isComplete ? participants : [];
    if (electors[0] !== this.#context.id) {
      this.#rounds.delete(transaction);
      return;
    }
    this.#context.probe(
      survivors.length > 0 ? "a survivor took the lead" : "all participants had crashed",
    );
    const states = electors.map((node) => standings.get(node)?.state);
    const toward =
      states.includes("pre-commit") && !states.includes("pre-abort") ? "commit" : "abort";
    this.#move(transaction, round, { toward, missing: new Set(electors) });
    this.#after(transaction, round, () => this.#decide(transaction, round, toward));
  }

  #move(transaction: string, round: Round, move: NonNullable<Round["move"]>): void {
    round.move = move;
    for (const node of move.missing) {
      this.#parts.tell(node, { type: "join", transaction, toward: move.toward });
    }
  }

  #decide(transaction: string, round: Round, outcome: Outcome): void {
    this.#rounds.delete(transaction);
    this.#context.observe("outcome", { transaction, outcome });
    for (const node of round.participants) {
      this.#parts.tell(node, { type: "decide", transaction, outcome });
    }
    round.end(outcome);
  }

  #after(transaction: string, round: Round, action: () => void): void {
    this.#context.after(this.#roundMs, () => {
      if (this.#rounds.get(transaction) === round) action();
    });
  }
}
