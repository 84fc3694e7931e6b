/**
 * A central detector, at the first node: all others report who waits for whom at their locks, and it puts
 * the graph together.
 *
 * Reports are from different moments, so a cycle in the graph may never have been one (Gligor, Shattuck
 * 1980). Therefore it asks again, once it has a cycle (the two phases of Ho and Ramamoorthy 1982, made
 * sound by names that never come back): each owner whether the edge is still the one that it reported, each
 * transaction's node whether it still holds the one lock and waits for the other. An edge that stands before
 * and after has stood in between: so all stood at once, when the questions set out. The victim is the youngest.
 *
 * Reports are numbered, since a late one must not undo a later one, and repeated, since they are lost. While
 * the first node is away, nobody finds anything.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { type NodeContext, RpcTimeout } from "../../src/hosts/ts/node.js";
import type { Detection } from "./detection.js";
import type { Locks } from "./locks.js";
import { type Desk, type Edge, homeOf, ownerOf, type Txn, youngestOf } from "./messages.js";
import type { Transactions } from "./transactions.js";

const REPORT_MS = 50;

interface Report {
  boot: number;
  number: number;
  edges: Edge[];
}

export class Central implements Detection {
  readonly #context: NodeContext;
  readonly #desk: Desk;
  readonly #locks: Locks;
  readonly #transactions: Transactions;
  readonly #detector: string;
  #sent = 0;
  #hadEdges = false;
  /** Of each owner the latest. */
  readonly #reports = new Map<string, Report>();
  /** Cycles that are being asked about, by their members. */
  readonly #doubted = new Set<string>();

  constructor(context: NodeContext, desk: Desk, locks: Locks, transactions: Transactions) {
    this.#context = context;
    this.#desk = desk;
    this.#locks = locks;
    this.#transactions = transactions;
    this.#detector = context.nodes[0] as string;
  }

  start(): void {
    this.#context.after(REPORT_MS, () => {
      this.#report();
      this.start();
    });
  }

  onWait(): void {
    this.#report();
  }

  receive(src: string, body: JsonObject): JsonObject | undefined {
    if (body["type"] === "report") this.#onReport(src, body as unknown as Report);
    if (body["type"] !== "stands") return undefined;
    const edge = body["edge"] as Edge;
    return { type: "stands_ok", stands: this.#stands(edge, String(body["at"])) };
  }

  #report(): void {
    const edges = this.#locks.edges();
    if (edges.length === 0 && !this.#hadEdges) return;
    this.#hadEdges = edges.length > 0;
    const { boot } = this.#desk;
    const report = { boot, number: ++this.#sent, edges };
    this.#desk.tell(this.#detector, { type: "report", ...report });
  }

  #onReport(src: string, { boot, number, edges }: Report): void {
    const known = this.#reports.get(src);
    if (known && (known.boot > boot || (known.boot === boot && known.number > number))) {
      this.#context.probe("a report came after a later one");
      return;
    }
    this.#reports.set(src, { boot, number, edges });
    for (const cycle of cyclesIn([...this.#reports.values()].flatMap((report) => report.edges))) {
      void this.#consider(cycle);
    }
  }

  async #consider(cycle: readonly Edge[]): Promise<void> {
    const victim = youngestOf(cycle.map(({ txn }) => txn));
    const { key } = cycle.find(({ txn }) => txn === victim) as Edge;
    if (!this.#context.bugs.has("joins-old-reports")) {
      const name = JSON.stringify(cycle);
      if (this.#doubted.has(name)) return;
      this.#doubted.add(name);
      const stands = await this.#confirm(cycle);
      this.#doubted.delete(name);
      if (!stands) return;
    }
    this.#context.probe("a deadlock was found");
    this.#desk.tell(homeOf(victim), { type: "abort", txn: victim, key });
  }

  async #confirm(cycle: readonly Edge[]): Promise<boolean> {
    const questions = cycle.flatMap((edge) => [
      this.#ask(ownerOf(edge.key, this.#context.nodes), { edge, at: "lock" }),
      this.#ask(homeOf(edge.holder), { edge, at: "holder" }),
      this.#ask(homeOf(edge.txn), { edge, at: "waiter" }),
    ]);
    const stands = (await Promise.all(questions)).every((answer) => answer);
    if (!stands) this.#context.probe("a cycle from late reports was there no more");
    return stands;
  }

  async #ask(node: string, question: { edge: Edge; at: Json }): Promise<boolean> {
    try {
      const { stands } = await this.#desk.ask(node, { type: "stands", ...question });
      return stands === true;
    } catch (error) {
      if (error instanceof RpcTimeout) return false;
      throw error;
    }
  }

  #stands({ txn, key, holder, boot }: Edge, at: string): boolean {
    if (at === "holder") return this.#transactions.holds(holder, key);
    if (at === "waiter") return this.#transactions.awaited(txn) === key;
    return boot === this.#desk.boot && this.#locks.edge(txn, key)?.holder === holder;
  }
}

/** One cycle through each edge that is on any, each cycle once. O(edges squared). */
export function cyclesIn(edges: readonly Edge[]): Edge[][] {
  const from = new Map<Txn, Edge[]>();
  for (const edge of edges) from.set(edge.txn, [...(from.get(edge.txn) ?? []), edge]);
  const cycles = new Map<string, Edge[]>();
  for (const first of edges) {
    const cycle = cycleFrom(first, from);
    if (cycle === undefined) continue;
    const name = cycle.map(({ txn, key }) => `${txn} ${key}`).sort();
    cycles.set(name.join(), cycle);
  }
  return [...cycles.values()];
}

/** A shortest way along edges from the first one back to where it begins. Breadth first. */
function cycleFrom(first: Edge, from: ReadonlyMap<Txn, readonly Edge[]>): Edge[] | undefined {
  const ways: Edge[][] = [[first]];
  const seen = new Set<Txn>([first.holder]);
  for (const way of ways) {
    const { holder } = way.at(-1) as Edge;
    if (holder === first.txn) return way;
    for (const edge of from.get(holder) ?? []) {
      if (seen.has(edge.holder)) continue;
      seen.add(edge.holder);
      ways.push([...way, edge]);
    }
  }
  return undefined;
}
