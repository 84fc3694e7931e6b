/**
 * Edge chasing (Chandy, Misra, Haas 1983): a probe runs along the edges of the wait-for graph. From the
 * owner of a lock it goes to the node of the lock's holder, and if that one waits, too, on to the owner of
 * the lock that it waits for. A probe that comes back to the transaction with which it began has found a
 * cycle. Whoever waits is probed for at once and again from time to time, since probes are lost.
 *
 * The paper's probes carry three names, and trust that nobody on a cycle ends by itself. Here victims and
 * crashes end transactions, and then a path of edges from different moments closes to a cycle that never
 * was. So a probe carries its path, and runs along it twice: an edge that it meets in both rounds has stood
 * in between, and where all have, there is a moment, the end of the first round, when all stood at once.
 * Everybody who finds the cycle has its names, and takes the same one for its victim: the youngest.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Detection } from "./detection.js";
import type { Locks } from "./locks.js";
import {
  type Desk,
  type Edge,
  homeOf,
  isSameEdge,
  ownerOf,
  type Txn,
  youngestOf,
} from "./messages.js";
import type { Transactions } from "./transactions.js";

const PROBE_AGAIN_MS = 100;

/** A probe under way: the edges of the first round, and how many were met again in the second. */
interface Path {
  edges: Edge[];
  again: number;
}

export class EdgeChasing implements Detection {
  readonly #context: NodeContext;
  readonly #desk: Desk;
  readonly #locks: Locks;
  readonly #transactions: Transactions;

  constructor(context: NodeContext, desk: Desk, locks: Locks, transactions: Transactions) {
    this.#context = context;
    this.#desk = desk;
    this.#locks = locks;
    this.#transactions = transactions;
  }

  start(): void {
    if (this.#context.bugs.has("probes-once")) return;
    this.#context.after(PROBE_AGAIN_MS, () => {
      for (const edge of this.#locks.edges()) this.onWait(edge);
      this.start();
    });
  }

  onWait(edge: Edge): void {
    this.#toHolder(edge, { edges: [edge], again: 0 });
  }

  receive(_src: string, { type, edges, again, txn, key }: JsonObject): undefined {
    const path = { edges: edges as Edge[], again: Number(again) };
    if (type === "chase") this.#atHolder(path);
    else if (type === "seek") this.#atLock(path, String(txn), String(key));
  }

  #toHolder(edge: Edge, path: Path): void {
    this.#desk.tell(homeOf(edge.holder), { type: "chase", ...path });
  }

  /** At the node of whoever holds the lock of the last edge. */
  #atHolder(path: Path): void {
    const { edges, again } = path;
    const last = again === 0 ? edges.at(-1) : edges[again - 1];
    if (last === undefined) return;
    const { holder: txn, key: held } = last;
    if (!this.#transactions.holds(txn, held)) {
      this.#context.probe("a probe met an edge that was there no more");
      return;
    }
    if (again === edges.length) {
      this.#found(edges);
      return;
    }
    const key = this.#transactions.awaited(txn);
    if (key === undefined) return;
    this.#desk.tell(ownerOf(key, this.#context.nodes), { type: "seek", ...path, txn, key });
  }

  /** At the owner of the lock that the last holder waits for. */
  #atLock({ edges, again }: Path, txn: Txn, key: string): void {
    const edge = this.#locks.edge(txn, key);
    if (edge === undefined) return;
    const isFirstRound = again === 0 && txn !== edges[0]?.txn;
    if (isFirstRound) {
      // A cycle further on, without the transaction that is probed for: others probe for those on it.
      if (edges.some((other) => other.txn === txn)) return;
      this.#toHolder(edge, { edges: [...edges, edge], again });
      return;
    }
    const before = edges[again];
    if (before === undefined || !isSameEdge(edge, before)) {
      this.#context.probe("the second round of a probe met another edge");
      return;
    }
    this.#toHolder(edge, { edges, again: again + 1 });
  }

  #found(edges: readonly Edge[]): void {
    this.#context.probe("a deadlock was found");
    const victim = this.#context.bugs.has("every-finder-aborts")
      ? (edges[0]?.txn as Txn)
      : youngestOf(edges.map(({ txn }) => txn));
    const key = edges.find(({ txn }) => txn === victim)?.key as string;
    this.#desk.tell(homeOf(victim), { type: "abort", txn: victim, key });
  }
}
