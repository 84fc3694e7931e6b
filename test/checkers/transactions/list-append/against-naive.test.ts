/** The analysis says what the definitions say, on random small histories. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { edgeKinds } from "../../../../checkers/transactions/dependencies.js";
import {
  type Analysis,
  FINDINGS_SHOWN_MAX,
  type VisibilityLevel,
} from "../../../../checkers/transactions/findings.js";
import { analyseListAppend } from "../../../../checkers/transactions/list-append/analysis.js";
import { arrange } from "../../../../checkers/transactions/list-append/arrangement.js";
import { readsThatMissed } from "../../../../checkers/transactions/list-append/carried.js";
import { dependencies } from "../../../../checkers/transactions/list-append/edges.js";
import { suspiciousReads } from "../../../../checkers/transactions/list-append/missed.js";
import {
  orderVersions,
  type VersionOrders,
} from "../../../../checkers/transactions/list-append/version-orders.js";
import { transactionsOf } from "../../../../histories/index.js";
import { oracleTimeoutMs } from "../../oracle/runs.js";
import { history } from "../notation.js";
import { appendsOf, hasCycle, Naive } from "./naive.js";
import { randomLists } from "./random-lists.js";
import { randomReplicas } from "./random-replicas.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

const numRuns = Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 450);
const anyLists = fc.oneof(randomLists(0), randomLists(0, "ok"), randomLists(25), randomLists(80));
const options = { service: "list-append" } as const;

function both(text: string): { analysis: Analysis; naive: Naive } {
  const told = history(text, options);
  return { analysis: analyseListAppend(transactionsOf(told)), naive: new Naive(told) };
}

describe("on random histories, the analysis", () => {
  it("lets the same transactions take part", () => {
    holds((text) => {
      const { analysis, naive } = both(text);
      const present = naive.txns.map((txn) => (naive.isPresent(txn) ? 1 : 0));
      expect([...analysis.graph.present]).toEqual(present);
    });
  });

  it("finds the same dependencies", () => {
    holds((text) => {
      const { analysis, naive } = both(text);
      const expected = new Set(naive.edges().map(([from, to, kind]) => `${from} ${kind} ${to}`));
      expect(new Set(foldedEdges(analysis).map(named))).toEqual(expected);
    });
  });

  it("leaves the same versions open", () => {
    holds((text) => {
      const { analysis, naive } = both(text);
      const { keys, values } = analysis.transactions;
      const open = analysis.graph.open.map(({ key, writers, readers }) => {
        expect(readers.map((of) => of.length)).toEqual([...writers].map(() => 0));
        return [values.value(keys[key]!), [...writers]];
      });
      const expected = naive.keys
        .map((key) => [key, naive.unreadWriters(key).map(({ id }) => id)] as const)
        .filter(([, writers]) => writers.length > 1);
      expect(new Map(open as [string, number[]][])).toEqual(new Map(expected));
    });
  });

  it("counts the same findings, and keeps all of a few", () => {
    holds((text) => {
      const { analysis, naive } = both(text);
      expect(analysis.counts).toEqual(naive.counts());
      const kept = analysis.findings.map(({ type }) => type);
      for (const [type, count] of Object.entries(analysis.counts)) {
        expect(kept.filter((each) => each === type)).toHaveLength(count);
      }
    });
  });

  it("can say of every dependency why it holds", () => {
    holds((text) => {
      const { analysis, naive } = both(text);
      for (const edge of foldedEdges(analysis)) expectProof(analysis, naive, edge);
    });
  });

  it.each(["monotonic-atomic-view", "read-atomic", "causal"] as const)(
    "decides %s as it is defined",
    (level) => {
      holds((text) => {
        const { analysis, naive } = both(text);
        if (!isReadCommitted(naive)) return;
        const missing = new Set(naive.missing(level));
        expect(missingIn(analysis, level)).toEqual(missing);
      }, committed);
    },
  );

  it.each(["monotonic-atomic-view", "read-atomic", "causal"] as const)(
    "decides %s as it is defined, of many transactions and keys",
    (level) => {
      holds(
        (text) => {
          const { analysis, naive } = both(text);
          expect(missingIn(analysis, level)).toEqual(
            new Set(naive.missing(level).slice(0, FINDINGS_SHOWN_MAX)),
          );
        },
        replicas,
        Math.ceil(numRuns / 5),
      );
    },
  );

  it.each(["monotonic-atomic-view", "read-atomic", "causal"] as const)(
    "decides %s in one sweep as it is defined",
    (level) => {
      holds(
        (text) => {
          const told = history(text, options);
          const orders = orderVersions(transactionsOf(told));
          const arrangement = arrange(dependencies(orders))!;
          const suspicious = suspiciousReads(orders, arrangement);
          const found = readsThatMissed(orders, arrangement, level, suspicious, 1e9);
          expect(namedReads(orders, found)).toEqual(new Naive(told).missing(level));
        },
        replicas,
        Math.ceil(numRuns / 5),
      );
    },
  );

  it("decides G-cursor as trying all orders of the unread appends does", () => {
    holds((text) => {
      const { analysis, naive } = both(text);
      if (!isReadCommitted(naive)) return;
      expect(analysis.cursor() === true).toBe(someOrderHasNoCursor(naive));
    }, committed);
  });
});

const committed = fc.oneof(randomLists(0), randomLists(0, "ok"), randomLists(5));

const replicas = fc.oneof(randomReplicas(5), randomReplicas(20));

function holds(check: (text: string) => void, lists = anyLists, runs = numRuns): void {
  fc.assert(fc.property(lists, check), { numRuns: runs });
}

interface Edge {
  from: number;
  to: number;
  kind: number;
  cause: number;
}

const NAMES = new Map(Object.entries(edgeKinds).map(([name, kind]) => [kind as number, name]));

function named({ from, to, kind }: Edge): string {
  return `${from} ${NAMES.get(kind)} ${to}`;
}

/** The edges between transactions, those over virtual nodes as one. */
function foldedEdges({ graph }: Analysis): Edge[] {
  const { size } = graph.transactions;
  const edges: Edge[] = [];
  for (let from = 0; from < size; from++) {
    for (let e = graph.start[from]!; e < graph.start[from + 1]!; e++) {
      const target = graph.target[e]!;
      const [kind, cause] = [graph.kind[e]!, graph.cause[e]!];
      const first = target < size ? 0 : graph.start[target]!;
      const targets =
        target < size ? [target] : [...graph.target.subarray(first, graph.start[target + 1])];
      for (const to of targets) edges.push({ from, to, kind, cause });
    }
  }
  return edges;
}

function expectProof(analysis: Analysis, naive: Naive, edge: Edge): void {
  const { kind, key, cause: _, ...rest } = { ...edge, ...analysis.step(edge) };
  const { transactions } = analysis;
  const element = (micro: number) => transactions.values.value(transactions.value[micro]!);
  const listOf = (micro: number) => {
    const start = transactions.chainStart[transactions.value[micro]!]!;
    const ids = transactions.chainElements.subarray(start, start + transactions.length[micro]!);
    return [...ids].map((id) => transactions.values.value(id));
  };
  const ownerOf = (micro: number) => transactions.from.findLastIndex((from) => from <= micro);
  const name = transactions.values.value(transactions.keys[key!]!) as string;
  expect(ownerOf(rest.fromMicro!)).toBe(rest.from);
  expect(ownerOf(rest.toMicro!)).toBe(rest.to);
  expect(kind).toBe(NAMES.get(edge.kind));
  if (kind === "wr") {
    expect(listOf(rest.toMicro!)).toContain(element(rest.fromMicro!));
    expect(rest.value).toBe(transactions.value[rest.fromMicro!]!);
    return;
  }
  expect(rest.next).toBe(transactions.value[rest.toMicro!]!);
  const next = element(rest.toMicro!) as number;
  const before = rest.value === 0 ? undefined : (transactions.values.value(rest.value!) as number);
  const known = naive.known(name);
  const place = known.indexOf(next);
  if (!naive.isTied(name)) expect(place === -1 ? known.at(-1) : known[place - 1]).toBe(before);
  if (known.length === 0) {
    expect(rest.witness).toBeUndefined();
    return;
  }
  const witness = listOf(rest.witness!);
  expect(naive.longest(name).slice(0, witness.length)).toEqual(witness);
  if (place === -1) expect(witness).toEqual(naive.longest(name));
  else expect(witness).toContain(next);
}

function namedReads({ transactions, transactionOf }: VersionOrders, reads: number[] | "unknown") {
  if (reads === "unknown") return reads;
  return reads.map((m) => `${transactionOf[m]} ${m - transactions.from[transactionOf[m]!]!}`);
}

function isReadCommitted(naive: Naive): boolean {
  const counts = naive.counts();
  const harmless = ["internal", "lost-update", "G-cursor"];
  if (Object.keys(counts).some((type) => !harmless.includes(type))) return false;
  return !hasCycle(naive.edges().filter(([, , kind]) => kind !== "rw"));
}

function missingIn(analysis: Analysis, level: VisibilityLevel): Set<string> {
  const found = analysis.visibility(level, 1e9);
  if (found === true) return new Set();
  if (found === "unknown") return new Set(["unknown"]);
  const { from } = analysis.transactions;
  return new Set(found.map(({ transactions: [t], micros: [read] }) => `${t} ${read! - from[t!]!}`));
}

function someOrderHasNoCursor(naive: Naive): boolean {
  const keys = naive.keys.filter((key) => naive.unread(key).length > 0);
  const hardEdges = naive.edges().filter(([, , kind]) => kind !== "rw");
  const tryKeys = (at: number, edges: (readonly [number, number, ...unknown[]])[]): boolean => {
    if (at === keys.length) return !hasCycle(edges);
    const key = keys[at]!;
    return permutations(naive.unread(key)).some((order) => {
      if (hasCursor(naive, key, [...naive.known(key), ...order])) return false;
      const writers = order.map((element) => naive.writer(key, element)!.id);
      const more = writers
        .slice(1)
        .map((to, i) => [writers[i]!, to] as const)
        .filter(([from, to]) => from !== to);
      return tryKeys(at + 1, [...edges, ...more]);
    });
  };
  const settled = naive.keys.filter((key) => !keys.includes(key));
  if (settled.some((key) => hasCursor(naive, key, naive.known(key)))) return false;
  return tryKeys(0, hardEdges);
}

function hasCursor(naive: Naive, key: string, order: readonly number[]): boolean {
  return naive.ok.some((txn) => {
    const first = txn.micros.findIndex((micro) => micro.isAppend && micro.key === key);
    const reads = txn.micros.slice(0, Math.max(0, first)).filter((micro) => micro.key === key);
    return reads.some(({ list }) => {
      const next = order[naive.version(key, list)];
      return next !== undefined && !appendsOf(txn, key).includes(next);
    });
  });
}

function permutations<T>(all: readonly T[]): T[][] {
  if (all.length === 0) return [[]];
  return all.flatMap((one, i) =>
    permutations([...all.slice(0, i), ...all.slice(i + 1)]).map((rest) => [one, ...rest]),
  );
}
