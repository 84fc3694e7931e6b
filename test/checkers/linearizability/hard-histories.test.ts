/** Histories that drown most checkers are decided within the default budget, rightly. */

import { describe, expect, it } from "vitest";
import { linearizable } from "../../../checkers/index.js";
import { atomicRegister, type RegisterLoad } from "./atomic-register.js";

const { check } = linearizable({ type: "cas-register" });

function product(axes: { [axis: string]: readonly (number | boolean)[] }): RegisterLoad[] {
  let loads: object[] = [{}];
  for (const [axis, choices] of Object.entries(axes)) {
    loads = loads.flatMap((load) => choices.map((choice) => ({ ...load, [axis]: choice })));
  }
  return loads as RegisterLoad[];
}

describe("a thousand operations on one register by up to 25 clients", () => {
  const loads = product({
    clients: [5, 10, 25],
    values: [0, 5],
    crashPermille: [0, 20],
    cas: [false, true],
    seed: [1],
  });

  it.each(loads)(
    "$clients clients, $values values, $crashPermille ‰ crashes, cas $cas, seed $seed",
    (load) => {
      const valid = check(atomicRegister({ ...load, operations: 1000 }));
      expect(valid.valid).toBe(true);
      const stale = check(atomicRegister({ ...load, operations: 1000, stale: true }));
      expect(stale.valid).toBe(false);
      expect(stale.anomalies[0]!.type).toBe("stale-read");
    },
  );
});

describe("ten thousand operations", () => {
  const loads = product({ values: [0, 5], stale: [false, true] });

  it.each(loads)("$values values, stale $stale", (load) => {
    const history = atomicRegister({
      ...load,
      seed: 7,
      clients: 10,
      operations: 10_000,
      crashPermille: 20,
    });
    expect(check(history).valid).toBe(!load.stale);
  });
});

describe("what a campaign produces: 20 to 300 operations, 5 or 10 clients, up to 30 crashed ones", () => {
  const runs = Math.min(20, Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 1));
  const loads = product({
    operations: [20, 60, 150, 300],
    clients: [5, 10],
    values: [0, 3, 5],
    crashPermille: [50, 150, 300],
    cas: [false, true],
    stale: [false, true],
  });

  it("is always decided, and never wrongly", () => {
    for (const load of loads) {
      for (let seed = 1; seed <= runs; seed++) {
        const { valid, reason } = check(atomicRegister({ ...load, seed, crashesMax: 30 }));
        const what = JSON.stringify({ ...load, seed, reason });
        expect(valid, what).not.toBe("unknown");
        if (!load.stale) expect(valid, what).toBe(true);
      }
    }
  });
});
