/**
 * The first phase of a commit, at the coordinator: everybody is asked to prepare, again and again,
 * until all have agreed, one has not, or time is up. An answer that comes later counts for nothing.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Part } from "./log.js";
import type { Prepare, Voted } from "./messages.js";

const RESEND_MS = 120;
const TIMEOUT_MS = 400;

interface Ballot {
  parts: ReadonlyMap<string, Part>;
  readOnly: boolean;
  /** Whose consent is still missing. */
  missing: Set<string>;
  /** Who will want to know the outcome: all but read-only voters. */
  bound: Set<string>;
  end(bound: readonly string[] | undefined): void;
}

export interface BallotingParts {
  context: Pick<NodeContext, "after" | "probe">;
  tell(to: string, message: Prepare): void;
}

export class Balloting {
  readonly #parts: BallotingParts;
  readonly #timeoutMs: number;
  readonly #ballots = new Map<string, Ballot>();

  constructor(parts: BallotingParts, timeoutMs = TIMEOUT_MS) {
    this.#parts = parts;
    this.#timeoutMs = timeoutMs;
  }

  /** Who wants to know the outcome, once all have agreed; undefined when they have not. */
  collect(parts: ReadonlyMap<string, Part>): Promise<readonly string[] | undefined> {
    const [first] = parts.values();
    if (first === undefined) return Promise.resolve([]);
    const { context } = this.#parts;
    return new Promise((resolve) => {
      const timer = context.after(this.#timeoutMs, () => {
        context.probe("votes did not come in time");
        ballot.end(undefined);
      });
      const ballot: Ballot = {
        parts,
        readOnly: [...parts.values()].every(({ writes }) => writes.length === 0),
        missing: new Set(parts.keys()),
        bound: new Set(parts.keys()),
        end: (bound) => {
          timer.cancel();
          this.#ballots.delete(first.transaction);
          resolve(bound);
        },
      };
      this.#ballots.set(first.transaction, ballot);
      this.#ask(first.transaction, ballot);
    });
  }

  /** Is the transaction being voted on? */
  has(transaction: string): boolean {
    return this.#ballots.has(transaction);
  }

  onVoted(src: string, { transaction, vote }: Voted): void {
    const ballot = this.#ballots.get(transaction);
    if (ballot === undefined) return;
    ballot.missing.delete(src);
    if (vote === "read-only") ballot.bound.delete(src);
    if (vote === "no") ballot.end(undefined);
    else if (ballot.missing.size === 0) ballot.end([...ballot.bound]);
  }

  #ask(transaction: string, ballot: Ballot): void {
    if (this.#ballots.get(transaction) !== ballot) return;
    for (const node of ballot.missing) {
      const part = ballot.parts.get(node) as Part;
      this.#parts.tell(node, { type: "prepare", part, readOnly: ballot.readOnly });
    }
    this.#parts.context.after(RESEND_MS, () => this.#ask(transaction, ballot));
  }
}
