import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { models } from "../../../../checkers/index.js";
import { kinds, THIN_AIR } from "../../../../checkers/memory/accesses.js";
import {
  causal,
  causalConvergence,
  causalPass,
  transactionAccesses,
} from "../../../../checkers/memory/causal/index.js";
import type { HistoryEvent } from "../../../../histories/history.js";
import { toHistory, transactionsOf } from "../../../../histories/index.js";
import type { Json } from "../../../../src/base/json.js";
import { oracleRuns } from "../../oracle/runs.js";
import { eventsOf } from "../../transactions/notation.js";

const options = { stepsMax: 1_000_000 };
const numRuns = Math.ceil(oracleRuns / 5);

const registers = (text: string) => eventsOf(text, { service: "rw-register" });
const lifted = (events: HistoryEvent[]) => transactionAccesses(transactionsOf(toHistory(events)));
const typeOf = (text: string) => {
  const decision = causal(lifted(registers(text)), options);
  return decision.holds === false ? decision.violation.type : decision.holds;
};

interface Txn {
  session: number;
  micros: { isRead: boolean; key: number; value: number | null }[];
}

/** Values are written once; reads return any of them, or the initial state. */
const anyTransactions: fc.Arbitrary<Txn[]> = fc
  .array(
    fc.record({
      session: fc.nat({ max: 2 }),
      micros: fc.array(
        fc.record({ isRead: fc.boolean(), key: fc.nat({ max: 1 }), pick: fc.nat() }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((drawn) => {
    const written: number[][] = [[], []];
    let value = 0;
    const numbered = drawn.map(({ session, micros }) => ({
      session,
      micros: micros.map((micro) => {
        if (!micro.isRead) written[micro.key]!.push(++value);
        return { ...micro, value };
      }),
    }));
    return numbered.map(({ session, micros }) => ({
      session,
      micros: micros.map(({ isRead, key, pick, value: own }) => {
        const candidates = [null, ...written[key]!];
        return { isRead, key, value: isRead ? candidates[pick % candidates.length]! : own };
      }),
    }));
  });

function eventsOfTxns(txns: readonly Txn[], processOf: (t: Txn, i: number) => number) {
  const events: HistoryEvent[] = [];
  txns.forEach((txn, i) => {
    const process = processOf(txn, i);
    const micros = (isKnown: boolean): Json =>
      txn.micros.map(({ isRead, key, value }) =>
        isRead ? ["r", `k${key}`, isKnown ? value : null] : ["w", `k${key}`, value],
      );
    for (const type of ["invoke", "ok"] as const) {
      const index = events.length;
      events.push({ index, type, process, f: "txn", value: micros(type === "ok"), time: index });
    }
  });
  return events;
}

describe("transactions on registers", () => {
  it("converge causally, each in a session of its own, just when they are causal after Cerone", () => {
    const cerone = models.get("causal-cerone")!.checker();
    fc.assert(
      fc.property(anyTransactions, (txns) => {
        const events = eventsOfTxns(txns, (_, i) => i);
        const { valid } = cerone.check(toHistory(events));
        expect(causalConvergence(lifted(events), options).holds).toBe(valid);
      }),
      { numRuns },
    );
  });

  it("converge causally just when some commit order explains every read", () => {
    fc.assert(
      fc.property(anyTransactions, (txns) => {
        const events = eventsOfTxns(txns, ({ session }) => session);
        const { convergence, causal: cc } = causalPass(lifted(events), options);
        expect(convergence.holds).toBe(someCommitOrder(txns));
        if (convergence.holds === true) expect(cc.holds).toBe(true);
      }),
      { numRuns },
    );
  });

  it("break rules of their own by reading what they have not written, or did not keep", () => {
    expect(typeOf("wx1rx1")).toBe(true);
    expect(typeOf("wx1rx_")).toBe("internal");
    expect(typeOf("rx_rx1 ; wx1")).toBe("internal");
    expect(typeOf("rx1wx1")).toBe("internal");
    expect(typeOf("wx1wx2 ; rx1")).toBe("G1b");
    expect(typeOf("wx1wx2 ; rx2")).toBe(true);
    expect(typeOf("fail wx1 ; rx1")).toBe("G1a");
    expect(typeOf("rx7")).toBe("ThinAirRead");
    expect(typeOf("p0: wx1 ; p0: rx_")).toBe("WriteCOInitRead");
  });

  it("of unknown outcome are kept if they were read from, and left out otherwise", () => {
    const accesses = lifted(registers("p0: ry_ ; p0: info wx1 ; p1: rx1 ; p2: info wx2"));
    expect([...accesses.kind]).toEqual([kinds.read, kinds.write, kinds.read]);
    expect([...accesses.starts]).toEqual([0, 2, 3]);
    expect(causal(accesses, options).holds).toBe(true);
  });

  it("that failed are left out, and reads from them are told", () => {
    const accesses = lifted(registers("fail wx1 ; rx1ry_"));
    expect([...accesses.source]).toEqual([THIN_AIR, -1]);
    expect(accesses.abortedReads).toEqual([0]);
  });

  it("are refused where they write the initial value, and so are lists", () => {
    const transactions = transactionsOf(toHistory(registers("wx1 | rx1")));
    expect(() => transactionAccesses(transactions, 1)).toThrow(
      /writes 1 to "x", the initial value/,
    );
    expect(() => lifted(eventsOf("ax1 | rx1"))).toThrow(/list-append/);
  });
});

/** Biswas, Enea 2019: a commit order that extends causality, reads from the last write of their past. */
function someCommitOrder(txns: readonly Txn[]): boolean {
  const writerOf = (key: number, value: number | null) =>
    txns.findIndex(({ micros }) =>
      micros.some((m) => !m.isRead && m.key === key && m.value === value),
    );
  const lastWrite = (t: number, key: number) =>
    txns[t]!.micros.findLast((m) => !m.isRead && m.key === key)?.value;
  const past = txns.map(() => new Set<number>());
  for (const [t, { session, micros }] of txns.entries()) {
    const known = new Map<number, number | null>();
    for (const { isRead, key, value } of micros) {
      if (!isRead) known.set(key, value);
      else if (known.has(key)) {
        if (known.get(key) !== value) return false;
      } else {
        known.set(key, value);
        if (value === null) continue;
        const writer = writerOf(key, value);
        if (writer === t || lastWrite(writer, key) !== value) return false;
        past[t]!.add(writer);
      }
    }
    for (let before = 0; before < t; before++)
      if (txns[before]!.session === session) past[t]!.add(before);
  }
  for (const k of txns.keys())
    for (const each of past) if (each.has(k)) for (const t of past[k]!) each.add(t);
  if (past.some((each, t) => each.has(t))) return false;

  const explains = (order: readonly number[]) =>
    txns.every(({ micros }, t) => {
      const touched = new Set<number>();
      return micros.every(({ isRead, key, value }) => {
        const isExternal = isRead && !touched.has(key);
        touched.add(key);
        if (!isExternal) return true;
        const last = order.findLast((w) => past[t]!.has(w) && lastWrite(w, key) !== undefined);
        return (last === undefined ? null : lastWrite(last, key)) === value;
      });
    });
  const extend = (order: readonly number[]): boolean =>
    order.length === txns.length
      ? explains(order)
      : [...txns.keys()].some(
          (t) =>
            !order.includes(t) &&
            [...past[t]!].every((before) => order.includes(before)) &&
            extend([...order, t]),
        );
  return extend([]);
}
