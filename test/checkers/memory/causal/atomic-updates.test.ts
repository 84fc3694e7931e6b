import { describe, expect, it } from "vitest";
import { causalStore } from "../../../../bench/memory/causal-store.js";
import { causalConvergence, releaseAcquire } from "../../../../checkers/memory/causal/index.js";
import { type Access, accessesOf } from "./random-accesses.js";

/**
 * Of each key a write, its update, and a third write that belongs before or after both. `orders` puts
 * one of those accesses (3 * key + place) causally before another, by a key of its own that carries
 * nothing else. Every access is a session.
 */
function chains(keys: number, orders: readonly (readonly [number, number])[]) {
  const sessions: { access: Access; name: string; from?: string }[][] = [];
  for (let m = 0; m < 3 * keys; m++) {
    const isUpdate = m % 3 === 1;
    sessions.push([
      ...orders.flatMap(([, to], i) =>
        to === m
          ? [{ access: { kind: "read", key: keys + i } as Access, name: "", from: `o${i}` }]
          : [],
      ),
      {
        access: { kind: isUpdate ? "update" : "write", key: Math.floor(m / 3) },
        name: `m${m}`,
        ...(isUpdate ? { from: `m${m - 1}` } : {}),
      },
      ...orders.flatMap(([from], i) =>
        from === m ? [{ access: { kind: "write", key: keys + i } as Access, name: `o${i}` }] : [],
      ),
    ]);
  }
  const names = sessions.flat().map(({ name }) => name);
  const all = sessions.map((session) =>
    session.map(({ access, from }) =>
      from === undefined ? access : { ...access, source: names.indexOf(from) },
    ),
  );
  return accessesOf(all, keys + orders.length);
}

describe("causal convergence with chains of updates whose order is open", () => {
  const options = { stepsMax: 1_000_000 };
  /** Nothing follows from these at once, and yet no orientation of the four chains satisfies them all. */
  // biome-ignore format: pairs
  const contradiction = [
    [0, 11], [9, 8], [6, 2], [9, 5], [3, 11], [11, 7], [8, 4], [5, 10],
    [3, 8], [6, 5], [5, 1], [11, 4], [8, 10], [5, 7], [2, 4],
  ] as const;

  it("is refuted only when every way to order them is", () => {
    expect(causalConvergence(chains(4, contradiction), options)).toMatchObject({
      holds: false,
      violation: { type: "lost-update", path: [] },
    });
    expect(releaseAcquire(chains(4, contradiction), options).holds).toBe(true);
  });

  it.each([...contradiction.keys()])("holds without order %i of the contradiction", (left) => {
    const rest = contradiction.filter((_, i) => i !== left);
    expect(causalConvergence(chains(4, rest), options).holds).toBe(true);
  });

  it("stays unknown when the steps do not suffice", () => {
    expect(causalConvergence(chains(4, contradiction), { stepsMax: 100 }).holds).toBe("unknown");
  });

  it("is found without hints of completion", () => {
    const accesses = causalStore({
      ...{ seed: 5, sessions: 10, accesses: 4000, keys: 20, replicas: 1, exchangePercent: 0 },
      ...{ readPercent: 40, wins: "last-writer", updatesPercent: 40 },
    });
    accesses.completed.fill(0);
    expect(causalConvergence(accesses, { stepsMax: 20_000_000 }).holds).toBe(true);
  });
});
