/** Edits of plans that are arbitrary: every one of them gives a plan that could be a case. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/base/json.js";
import type { Plan } from "../../src/plan/plan.js";
import { parsePlan } from "../../src/plan/schema.js";
import { mergeFaults, milderForms, simplerForms, withFault } from "../../src/shrink/faults.js";
import { onNodes } from "../../src/shrink/nodes.js";
import { keysOf, mergeClients, mergeKeys, renumberClients } from "../../src/shrink/operations.js";
import { isSmaller, sizeOf } from "../../src/shrink/size.js";
import { endsWithinLimit, shorterSilences, soonerEnds, withTimes } from "../../src/shrink/times.js";
import { plans } from "../plan/arbitrary.js";

const nodes = ["n1", "n2", "n3", "n4"];
const plan = plans({ system: "quorum", workload: "kv", nodes, clients: 3 });

function expectSound(edited: Plan): void {
  expect(parsePlan(edited as unknown as Json, "edited")).toBe(edited);
}

describe("an edit of any plan is a sound plan", () => {
  test("on fewer nodes, with faults moved or left out", () => {
    const cluster = fc.shuffledSubarray(nodes, { minLength: 1 });
    fc.assert(
      fc.property(plan, cluster, fc.boolean(), (whole, kept, dropFaults) => {
        const edited = onNodes(whole, kept, { home: kept[0] as string, dropFaults });
        expectSound(edited);
        expect([...edited.nodes].sort()).toEqual([...kept].sort());
        expect(edited.operations.map(({ id }) => id)).toEqual(whole.operations.map(({ id }) => id));
      }),
    );
  });

  test("with simpler and with merged faults", () => {
    fc.assert(
      fc.property(plan, (whole) => {
        for (const fault of whole.faults) {
          for (const form of [
            ...simplerForms(fault, whole.nodes, new Map()),
            ...milderForms(fault),
          ]) {
            expect(form.id).toBe(fault.id);
            expectSound(withFault(whole, form));
          }
        }
        for (const merged of mergeFaults(whole)) {
          expectSound(merged);
          expect(merged.faults).toHaveLength(whole.faults.length - 1);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("with other times, and none of them out of order", () => {
    fc.assert(
      fc.property(plan, fc.integer({ min: 1, max: 500_000 }), (whole, grid) => {
        expectSound(withTimes(whole, (us) => Math.floor(us / grid) * grid));
        for (const sooner of soonerEnds(whole)) expectSound(sooner);
        for (const cut of shorterSilences(whole)) expectSound(cut(whole));
        expectSound(endsWithinLimit(whole));
      }),
      { numRuns: 25 },
    );
  });

  test("with merged clients and keys, where no value is then written twice", () => {
    fc.assert(
      fc.property(plan, (whole) => {
        expectSound(mergeClients(whole, 2, 0));
        expectSound(renumberClients(mergeClients(whole, 2, 0), [0, 1]));
        const keys = [...new Set(whole.operations.flatMap(keysOf))];
        if (keys.length < 2) return;
        const merged = mergeKeys(whole, keys[1] as string, keys[0] as string);
        expect(merged).toBeDefined();
        expectSound(merged as Plan);
        expect(new Set(merged?.operations.flatMap(keysOf)).size).toBe(keys.length - 1);
      }),
    );
  });

  test("keys that would share a value are not merged", () => {
    const [operation] = fc.sample(plan, { seed: 1, numRuns: 50 }).flatMap((p) => p.operations);
    const [whole] = fc.sample(plan, { seed: 1, numRuns: 1 });
    const writes = ["x", "y"].map((key, id) => ({ ...operation, id, key, f: "write", value: 7 }));
    const edited = { ...whole, operations: writes } as Plan;
    expect(mergeKeys(edited, '"y"', '"x"')).toBeUndefined();
  });
});

describe("the order of plans", () => {
  test("never calls two plans smaller than each other, nor one smaller than itself", () => {
    fc.assert(
      fc.property(plan, plan, (one, other) => {
        const [left, right] = [sizeOf(one), sizeOf(other)];
        expect(isSmaller(left, right) && isSmaller(right, left)).toBe(false);
        expect(isSmaller(left, left)).toBe(false);
        for (const value of left) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
      }),
    );
  });

  test("puts one fault less before whatever else", () => {
    fc.assert(
      fc.property(plan, (whole) => {
        fc.pre(whole.faults.length > 0);
        const less = {
          ...whole,
          faults: whole.faults.slice(1),
          timeLimitUs: whole.timeLimitUs * 2,
        };
        expect(isSmaller(sizeOf(less), sizeOf(whole))).toBe(true);
      }),
    );
  });
});
