/** Claims are accepted for what follows from a certificate's own events, and for nothing else. */

import { describe, expect, it } from "vitest";
import type {
  Claim,
  ClaimedEdge,
  Proof,
} from "../../../../checkers/transactions/certificate/claim.js";
import { typeOf, verifyClaim } from "../../../../checkers/transactions/certificate/verify-claim.js";
import { transactionsOf } from "../../../../histories/transactions-builder.js";
import { history } from "../notation.js";

function verified(text: string, claim: Claim): true | string {
  return verifyClaim(transactionsOf(history(text)), claim);
}

function cycle(type: string, ...edges: ClaimedEdge[]): Claim {
  return { type, proof: { edges } };
}

const misses = (from: number, to: number, key: string, next: number): ClaimedEdge => {
  return { from, to, kind: "rw", key, next };
};
const reads = (from: number, to: number, key: string, value: number): ClaimedEdge => {
  return { from, to, kind: "wr", key, value };
};
const overwrites = (from: number, to: number, key: string, value: number): ClaimedEdge => {
  return { from, to, kind: "ww", key, value, next: value + 1 };
};

const skew = "rxay1 | ryax1";
const skewed = cycle("G2-item", misses(0, 1, "x", 1), misses(1, 0, "y", 1));

describe("a claimed cycle", () => {
  it("is accepted when every edge is shown", () => {
    expect(verified(skew, skewed)).toBe(true);
    expect(
      verified("rxry1 | ax1ay1", cycle("G-single-item", misses(0, 1, "x", 1), reads(1, 0, "y", 1))),
    ).toBe(true);
  });

  it("is refused under another name", () => {
    const claim = { ...skewed, type: "G-single-item" };
    expect(verified(skew, claim)).toBe("it proves G2-item, not G-single-item");
  });

  it("is refused when an edge is not shown", () => {
    const both = skewed.proof as { edges: ClaimedEdge[] };
    const [first, second] = both.edges as [ClaimedEdge, ClaimedEdge];
    const wrong = (edge: ClaimedEdge) => verified(skew, cycle("G2-item", edge, second));
    expect(wrong({ ...first, next: 2 })).toMatch(/the value does not occur/);
    expect(wrong({ ...first, key: "z" })).toMatch(/the key does not occur/);
    expect(wrong({ ...first, key: "y" })).toMatch(/the next value is another one's/);
    expect(wrong({ ...first, value: 1 })).toMatch(/the value was not read/);
    expect(wrong({ ...first, kind: "wr" })).toMatch(/^wr from event 0 to 1/);
    expect(wrong({ ...first, kind: "realtime" })).toMatch(/invoked before the first completed/);
    expect(wrong({ ...first, from: 7 })).toMatch(/no transaction was invoked there/);
  });

  it("is refused when it is none", () => {
    expect(verified(skew, cycle("G-single-item", misses(0, 1, "x", 1)))).toMatch(/two edges/);
    expect(
      verified("rxax2 | ax1", cycle("G2-item", misses(0, 1, "x", 1), misses(0, 1, "x", 1))),
    ).toMatch(/goes on elsewhere/);
  });

  it("has versions in the order in which a read has them", () => {
    const text = "ax1ay2 | ax2ay1 | rx12 | ry12";
    const claim = cycle("G0", overwrites(0, 1, "x", 1), overwrites(1, 0, "y", 1));
    expect(verified(text, claim)).toBe(true);
    expect(verified(text.replace("ry12", "ry21"), claim)).toMatch(/nothing shows the order/);
    expect(verified(text.replace("rx12", "rx1"), claim)).toBe(true);
    expect(verified(text.replace("rx12", "rx2"), claim)).toMatch(/nothing shows the order/);
  });

  it("has nobody in it of whom nobody knows that it happened", () => {
    const claim = cycle("G2-item", misses(0, 1, "x", 1), misses(1, 0, "y", 1));
    expect(verified("rxay1 | fail ryax1", claim)).toMatch(/nobody knows that it happened/);
    expect(verified("rxay1 | info ryax1", claim)).toMatch(/nobody knows that it happened/);
  });

  it("has what a transaction of unknown outcome wrote, if somebody read it", () => {
    const claim = cycle("G1c", reads(0, 1, "x", 1), reads(1, 0, "y", 1));
    expect(verified("ax1ry1 | ay1rx1", claim)).toBe(true);
    expect(verified("info ax1ry1 | ay1rx1", claim)).toMatch(/the value was not read/);
  });

  it("has processes and real time from the positions of events", () => {
    const stale = (kind: "process" | "realtime", suffix: string) =>
      cycle(`G-single-item-${suffix}`, { from: 0, to: 2, kind }, misses(2, 0, "x", 1));
    expect(verified("p0: ax1 ; p0: rx", stale("process", "process"))).toBe(true);
    expect(verified("p0: ax1 ; p1: rx", stale("realtime", "realtime"))).toBe(true);
    expect(verified("p0: ax1 ; p1: rx", stale("process", "process"))).toMatch(/two processes/);
    expect(
      verified(
        "info ax1 ; rx1 ; rx",
        cycle("G-single-item-realtime", { from: 0, to: 4, kind: "realtime" }, misses(4, 0, "x", 1)),
      ),
    ).toMatch(/any later time/);
  });

  it("has versions of registers in the order that an update shows, or somebody vouches for", () => {
    const text = "wx1 | rx1wx2 | rx1ry1 | rx2wy1";
    const missed = { ...misses(2, 1, "x", 2), value: 1 };
    const edges = [missed, reads(1, 3, "x", 2), reads(3, 2, "y", 1)] as const;
    expect(verified(text, cycle("G-single-item", ...edges))).toBe(true);
    const blind = text.replace("rx1wx2", "wx2");
    expect(verified(blind, cycle("G-single-item", ...edges))).toMatch(/it was not missed/);
    const vouched = { ...cycle("G-single-item", ...edges), authority: "the commit order" };
    expect(verified(blind, vouched)).toBe(true);
  });
});

describe("a claim with cases", () => {
  const text = "wx1wy2 | wx2wy1 | rx2ry2";
  const stale = (key: string, writer: number): Proof => ({
    edges: [
      reads(writer, 2, key === "x" ? "y" : "x", 2),
      { from: 2, to: writer, kind: "rw", key, value: 2, next: 1 },
    ] as ClaimedEdge[],
  });
  const dirty: Proof = { edges: [overwrites(0, 1, "x", 1), overwrites(1, 0, "y", 1)] };
  const proof = (inner: Proof = dirty): Proof => ({
    either: { key: "y", first: 1, second: 0 },
    cases: [
      { either: { key: "x", first: 1, second: 0 }, cases: [stale("x", 0), inner] },
      stale("y", 1),
    ],
  });

  it("is accepted when each case contradicts itself, by the mildest of its cycles", () => {
    expect(verified(text, { type: "G-single-item", proof: proof() })).toBe(true);
    expect(verified(text, { type: "G0", proof: proof() })).toBe("it proves G-single-item, not G0");
  });

  it("is refused when a case rests on an order that it does not assume", () => {
    expect(verified(text, { type: "G-single-item", proof: proof(stale("x", 0)) })).toMatch(
      /not missed/,
    );
    expect(verified(text, { type: "G-single-item", proof: dirty })).toMatch(
      /nothing shows the order/,
    );
  });

  it("is refused when the cases are about versions that are none", () => {
    const other: Proof = { either: { key: "y", first: 2, second: 0 }, cases: [dirty, dirty] };
    expect(verified(text, { type: "G0", proof: other })).toBe(
      'events 2 and 0 did not both write key "y"',
    );
  });
});

describe("a claimed finding", () => {
  const found = (type: string, ...transactions: number[]): Claim => {
    return { type, finding: { key: "x", transactions, values: [] } };
  };

  it.each([
    ["garbage-read", "rx9 | ax1", "rx1 | ax1"],
    ["duplicate-elements", "rx11 | ax1", "rx1 | ax1"],
    ["G1a", "rx1 | fail ax1", "rx1 | info ax1"],
    ["G1b", "rx1 | ax1ax2 | rx12", "rx12 | ax1ax2"],
    ["incompatible-order", "rx12 | rx21 | ax1 | ax2", "rx1 | rx12 | ax1 | ax2"],
    ["dirty-update", "ax2 | fail ax1 | rx12", "ax2 | fail ax1 | rx21"],
    ["future-read", "rx1ax1", "ax1rx1"],
    ["internal", "ax1rx", "ax1rx1"],
    ["internal", "wx1rx2 | wx2", "wx1rx1 | wx2"],
    ["lost-update", "rxax1 | rxax2", "rxax1 | rx1ax2"],
    ["lost-update", "rx_wx1 | rx_wx2", "rx_wx1 | rx1wx2"],
    ["G-cursor", "rxax1 | ax2 | rx21", "rxax1 | ax2 | rx12"],
    ["G-cursor", "rx_wx1 | rx_wx2", "rx_wx1 | rx1wx2"],
    ["fractured-read", "rxry1 | ax1ay1", "rx1ry1 | ax1ay1"],
    ["fractured-read", "rx_ry1 | wx1wy1", "rx1ry1 | wx1wy1"],
    ["fractured-read", "rx1ry2 | wx1wy1 | wx2wy2", "rx1ry2 | wx1wy1 | wy2"],
    ["observed-transaction-vanishes", "ry1rx | ax1ay1", "rxry1 | ax1ay1"],
    ["causal-violation", "rxrz1 | ax1 | rx1az1", "rxrz1 | ax1 | rxaz1"],
  ])("of %s is accepted where it is, and not elsewhere", (type, there, elsewhere) => {
    expect(verified(there, found(type, 0))).toBe(true);
    expect(verified(elsewhere, found(type, 0))).toBe(`event 0 shows no ${type}`);
  });

  it("is refused when it is of a type that nobody knows, or does not say where", () => {
    expect(verified("rx9", found("G-what", 0))).toBe("nothing is known here of G-what");
    expect(verified("rx9", found("garbage-read"))).toMatch(/does not say who/);
    expect(verified("rx9", { type: "garbage-read" })).toMatch(/does not say who/);
  });
});

describe("the type of a cycle", () => {
  it("follows from its edges", () => {
    expect(typeOf(["ww", "ww"])).toBe("G0");
    expect(typeOf(["ww", "wr"])).toBe("G1c");
    expect(typeOf(["rw", "wr"])).toBe("G-single-item");
    expect(typeOf(["rw", "wr", "rw", "ww"])).toBe("G-nonadjacent-item");
    expect(typeOf(["rw", "wr", "ww", "rw"])).toBe("G2-item");
    expect(typeOf(["rw", "process"])).toBe("G-single-item-process");
    expect(typeOf(["ww", "process", "realtime"])).toBe("G0-realtime");
  });
});
