import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { criticalCycles, testOf } from "../../../checkers/litmus/cycles/index.js";
import { parseLitmus } from "../../../checkers/litmus/parse/parse.js";
import { type Placement, placementsOf, symmetriesOf } from "../../../src/litmus/system/index.js";
import { shapes } from "../../systems/litmus-runs.js";

const testNamed = (name: keyof typeof shapes) => parseLitmus(shapes[name], name);
const cycles = [...criticalCycles(2), ...criticalCycles(3)];

describe("placements of threads", () => {
  it.each([
    ["SB", 3, ["00", "01"]],
    ["SB", 1, ["00"]],
    ["WRC", 3, ["000", "001", "010", "011", "012"]],
    ["WRC", 2, ["000", "001", "010", "011"]],
    // Its threads go round: of two together it does not matter which.
    ["3.SB", 3, ["000", "001", "012"]],
  ] as const)("of %s on %i nodes are %j", (name, nodes, expected) => {
    expect(placementsOf(testNamed(name), nodes).map((it) => it.join(""))).toEqual(expected);
  });

  it("of four threads are Stirling's number, less those that are mirrored", () => {
    // 1 + 7 + 6 on three nodes; IRIW's writers and readers may change sides, which leaves 10.
    expect(symmetriesOf(testNamed("IRIW"))).toEqual([
      [2, 3, 0, 1],
      [0, 1, 2, 3],
    ]);
    expect(placementsOf(testNamed("IRIW"), 3).length).toBe(10);
  });

  it("are, with their mirror images, all there are, and none is another's", () => {
    fc.assert(
      fc.property(fc.constantFrom(...cycles), fc.integer({ min: 1, max: 4 }), (cycle, nodes) => {
        const test = testOf(cycle);
        const names = placementsOf(test, nodes).flatMap((placement) => [
          ...new Set(
            symmetriesOf(test).map((symmetry) => nameOf(symmetry.map((t) => placement[t]!))),
          ),
        ]);
        expect(new Set(names).size).toBe(names.length);
        const all = everyPlacement(test.threads.length, nodes).map(nameOf);
        expect(new Set(names)).toEqual(new Set(all));
      }),
    );
  });
});

/** Which threads are together, whatever the nodes are called. */
function nameOf(placement: Placement): string {
  return placement.map((part) => placement.indexOf(part)).join("");
}

function everyPlacement(threads: number, nodes: number): Placement[] {
  if (threads === 0) return [[]];
  return everyPlacement(threads - 1, nodes).flatMap((shorter) =>
    Array.from({ length: nodes }, (_, node) => [...shorter, node]),
  );
}
