/**
 * The replicated state: every node applies the same records in the order of the log, so that all
 * come to the same decision on each, without a word (Pedone, Guerraoui and Schiper, "The Database
 * State Machine Approach", 2003). The place of a record in the log is its commit timestamp.
 *
 * Certification. A record that wrote a key which changed after its snapshot loses: the first
 * committer wins. With that alone it is generalized snapshot isolation (Elnikety, Zwaenepoel and
 * Pedone, 2005): a snapshot may be older than the transaction's beginning. Where instead everything
 * that it read must still be as it was, a transaction that writes takes effect as a whole at its
 * place in the log, and is serializable (backward validation: Kung and Robinson, 1981). Serializable
 * snapshot isolation refuses less, for more to remember (ssi.ts).
 *
 * Of each client the last decision is kept: a record may stand in the log twice, since whoever got
 * no answer sends it again, to the next leader too, and is decided once.
 */

import type { Isolation } from "./isolation.js";
import type { CommitRecord, Decision, RequestId } from "./messages.js";
import { touchedBy } from "./ranges.js";
import { Antidependencies } from "./ssi.js";
import { Store } from "./store.js";

export interface MachineOptions {
  isolation: Isolation;
  bugs: ReadonlySet<string>;
}

export class StateMachine {
  readonly store = new Store();
  readonly #options: MachineOptions;
  readonly #antidependencies: Antidependencies;
  /** When each key was last written, and each range changed. */
  readonly #changed = new Map<string, number>();
  readonly #decisions = new Map<string, { number: number; decision: Decision }>();

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#antidependencies = new Antidependencies(options.bugs);
  }

  /** O(keys of the transaction). */
  apply(record: CommitRecord, timestamp: number): void {
    const last = this.#decisions.get(record.client);
    if (last !== undefined && record.number <= last.number) return;
    const committed = this.#certify(record);
    if (committed) this.#commit(record, timestamp);
    this.#decisions.set(record.client, {
      number: record.number,
      decision: { committed, timestamp },
    });
  }

  /** What was decided, if the request is its client's latest that was. */
  decision({ client, number }: RequestId): Decision | undefined {
    const last = this.#decisions.get(client);
    return last?.number === number ? last.decision : undefined;
  }

  #commit(record: CommitRecord, timestamp: number): void {
    const { isolation, bugs } = this.#options;
    if (isolation.certifies === "structures") this.#antidependencies.commit(record, timestamp);
    this.store.install(record.writes, timestamp);
    for (const item of record.writes.flatMap(({ key }) => touchedBy(key, bugs))) {
      this.#changed.set(item, timestamp);
    }
  }

  #certify(record: CommitRecord): boolean {
    const { snapshot, reads, writes } = record;
    const { isolation, bugs } = this.#options;
    const unchanged = (item: string): boolean => (this.#changed.get(item) ?? 0) <= snapshot;
    const firstToCommit = (): boolean => writes.every(({ key }) => unchanged(key));
    switch (isolation.certifies) {
      case "nothing":
        return true;
      case "writes":
        if (bugs.has("no-first-committer-wins")) return true;
        return firstToCommit();
      case "reads":
        if (bugs.has("certifies-writes-only")) return firstToCommit();
        return reads.every(unchanged);
      case "structures":
        return firstToCommit() && !this.#antidependencies.dangerous(record);
    }
  }
}
