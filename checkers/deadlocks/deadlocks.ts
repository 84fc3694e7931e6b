/**
 * Deadlock detection, held to what it promises: who is aborted as the victim of a deadlock was in one
 * (soundness), nobody is once another victim has broken it (economy), and no deadlock lasts (completeness).
 *
 * Nodes record `lock-manager {withinMs}` at every boot, the time in which they promise to break a deadlock;
 * each change of a lock, `lock {key, holder, waiting}`, by its owner; and of each transaction, where it
 * runs, `transaction {txn, is}`: begun, released (with `key`), done or victim.
 *
 * A victim must have been in a deadlock at some moment of the wait in which it was aborted; that somebody
 * else ends meanwhile, by a crash or otherwise, is nobody's mistake. A deadlock counts as undetected if it
 * has lasted for the time promised while nothing was wrong with the world. O(events x waiting).
 */

import type { History, HistoryEvent } from "../../histories/history.js";
import { isJsonObject } from "../../src/base/json.js";
import type { Checker, Verdict } from "../checker.js";
import { ms } from "../describe.js";
import { overlaps, type Trouble, troublesOf } from "../detector/troubles.js";
import { Findings } from "../findings.js";
import { namesIn, WaitForGraph } from "./wait-for-graph.js";

export const deadlocks: Checker = {
  name: "deadlocks",
  summary:
    "victims of deadlocks were in one, one is enough, and none lasts, from what nodes record",
  anomalies: {
    "phantom-deadlock":
      "a transaction was aborted as the victim of a deadlock, and was in none while it waited",
    "needless-abort":
      "a transaction was aborted as the victim of a deadlock that another victim had broken before",
    "undetected-deadlock":
      "transactions have waited for each other for longer than it may take to find them",
  },
  check: (history) => new Judge(history).verdict(),
};

/** After a fault has ended, what it had made late may come for so long. */
const ECHO_NS = 5e8;

interface Deadlock {
  members: readonly string[];
  since: HistoryEvent;
}

/** What is known of the last deadlock in which a transaction was, during the wait that goes on. */
interface Plight {
  deadlock: Deadlock;
  /** The transaction that was aborted to break it. */
  broken?: { victim: string; event: HistoryEvent };
}

class Judge {
  readonly #findings = new Findings();
  readonly #graph = new WaitForGraph();
  readonly #troubles: readonly Trouble[];
  readonly #withinNs: number | undefined;
  readonly #invocations: ReadonlyMap<string, number>;
  /** By their members. */
  #current = new Map<string, Deadlock>();
  readonly #plights = new Map<string, Plight>();
  /** Each transaction with each lock that it has waited for. */
  readonly #waits = new Set<string>();
  #found = 0;
  #victims = 0;
  #longestNs = 0;

  constructor(private readonly history: History) {
    this.#troubles = troublesOf(history);
    this.#withinNs = promiseOf(history);
    this.#invocations = invocationsOf(history);
  }

  verdict(): Verdict {
    for (const event of this.history.observations) {
      if (typeof event.process !== "string" || event.process === "nemesis") continue;
      const victim = victimOf(event);
      if (victim !== undefined) this.#judgeVictim(victim, event);
      this.#beginWaits(event);
      this.#graph.apply(event);
      this.#follow(event, victim);
    }
    const endNs = this.history.events.at(-1)?.time ?? 0;
    for (const deadlock of this.#current.values()) this.#judgeLength(deadlock, endNs);
    const notes = {
      deadlocks: this.#found,
      victims: this.#victims,
      "longest ms": Math.round(this.#longestNs / 1e6),
    };
    const open = this.#withinNs === undefined ? "no node recorded a promise" : undefined;
    return this.#findings.verdict(notes, open);
  }

  #judgeVictim(txn: string, event: HistoryEvent): void {
    this.#victims++;
    const plight = this.#plights.get(txn);
    if (plight === undefined) {
      const awaited = this.#graph.awaitedBy(txn);
      this.#findings.add("phantom-deadlock", () => ({
        message: `${event.process} aborted ${txn} as the victim of a deadlock in which it was not: ${
          awaited.length === 0 ? "it waited for nobody" : `it waited for ${awaited.join(" and ")}`
        }`,
        ops: this.#opsOf([txn], event),
      }));
      return;
    }
    const { deadlock, broken } = plight;
    if (broken === undefined) return;
    this.#findings.add("needless-abort", () => ({
      message: `${event.process} aborted ${txn} as the victim of the deadlock of ${deadlock.members.join(", ")}, which the abort of ${broken.victim} had broken before`,
      ops: this.#opsOf([broken.victim, txn], broken.event, event),
    }));
  }

  /** Who begins to wait for another lock has a new wait; one that is asked for again goes on. */
  #beginWaits({ f, value }: HistoryEvent): void {
    if (f !== "lock" || !isJsonObject(value)) return;
    for (const txn of namesIn(value["waiting"])) {
      const wait = `${txn} ${String(value["key"])}`;
      if (this.#waits.has(wait)) continue;
      this.#waits.add(wait);
      this.#plights.delete(txn);
    }
  }

  /** What has become of the deadlocks that there were, and which are new. */
  #follow(event: HistoryEvent, victim: string | undefined): void {
    const next = new Map<string, Deadlock>();
    for (const members of this.#graph.deadlocks()) {
      const name = members.join(" ");
      const known = this.#current.get(name);
      if (known === undefined) this.#found++;
      const deadlock = known ?? { members, since: event };
      next.set(name, deadlock);
      for (const txn of members) this.#plights.set(txn, { deadlock });
    }
    const inOne = new Set([...next.values()].flatMap(({ members }) => members));
    for (const [name, deadlock] of this.#current) {
      if (next.has(name)) continue;
      this.#judgeLength(deadlock, event.time);
      if (victim === undefined || !deadlock.members.includes(victim)) continue;
      for (const txn of deadlock.members) {
        if (txn !== victim && !inOne.has(txn)) {
          this.#plights.set(txn, { deadlock, broken: { victim, event } });
        }
      }
    }
    this.#current = next;
  }

  #judgeLength(deadlock: Deadlock, untilNs: number): void {
    const { members, since } = deadlock;
    this.#longestNs = Math.max(this.#longestNs, untilNs - since.time);
    if (this.#withinNs === undefined) return;
    const quietNs = this.#quietSince(since.time, this.#withinNs);
    if (quietNs + this.#withinNs >= untilNs) return;
    this.#findings.add("undetected-deadlock", () => ({
      message: `${members.join(", ")} have waited for each other from ${ms(since.time)} until ${ms(untilNs)}, and nothing was wrong with the world since ${ms(quietNs)}`,
      ops: this.#opsOf(members, since),
    }));
  }

  /** The first moment from then on after which nothing is wrong for so long. */
  #quietSince(fromNs: number, forNs: number): number {
    let sinceNs = fromNs;
    for (;;) {
      const meets = this.#troubles.filter((one) =>
        overlaps(one, sinceNs - ECHO_NS, sinceNs + forNs),
      );
      const latestNs = Math.max(...meets.map(({ untilNs }) => untilNs));
      if (meets.length === 0 || latestNs === Number.POSITIVE_INFINITY) {
        return meets.length === 0 ? sinceNs : latestNs;
      }
      // One step beyond, so that what ended just so long ago is met no more.
      sinceNs = latestNs + ECHO_NS + 1;
    }
  }

  /** What to look at: the requests of clients, and what nodes recorded of them. */
  #opsOf(txns: readonly string[], ...events: readonly HistoryEvent[]): number[] {
    const asked = txns.flatMap((txn) => this.#invocations.get(txn) ?? []);
    return [...asked, ...events.map(({ index }) => index)];
  }
}

function promiseOf({ observations }: History): number | undefined {
  const said = observations.find(({ f }) => f === "lock-manager")?.value;
  const withinMs = isJsonObject(said) ? said["withinMs"] : undefined;
  return typeof withinMs === "number" ? withinMs * 1e6 : undefined;
}

function victimOf({ f, value }: HistoryEvent): string | undefined {
  if (f !== "transaction" || !isJsonObject(value) || value["is"] !== "victim") return undefined;
  return typeof value["txn"] === "string" ? value["txn"] : undefined;
}

/** The index of the invocation that became each transaction, as far as its client was told. */
function invocationsOf({ operations, events }: History): Map<string, number> {
  const found = new Map<string, number>();
  for (const { outcome, output, invoked } of operations) {
    if (outcome !== "ok" || !isJsonObject(output) || typeof output["txn"] !== "string") continue;
    found.set(output["txn"], events[invoked]?.index ?? invoked);
  }
  return found;
}
