import fc from "fast-check";
import { expect, test } from "vitest";
import { edgeKinds } from "../../../../checkers/transactions/dependencies.js";
import {
  compareWalks,
  isNonadjacent,
  type Link,
  simplify,
} from "../../../../checkers/transactions/graph/walk.js";

const { ww, wr, rw } = edgeKinds;

/** A closed walk through these, with an edge of the kind given beside each. */
function walkOf(stops: readonly (readonly [number, number])[]): Link[] {
  return stops.map(([from, kind], i) => ({
    from,
    to: stops[(i + 1) % stops.length]![0],
    kind,
    edge: i,
    via: -1,
  }));
}

const walks = fc
  .array(fc.tuple(fc.nat(5), fc.constantFrom(ww, wr, rw)), { minLength: 2, maxLength: 12 })
  .map(walkOf)
  .filter((walk) => walk.every((link) => link.from !== link.to));

test("a closed walk without adjacent anti-dependencies contains a cycle without them", () => {
  fc.assert(
    fc.property(walks, fc.boolean(), (walk, isPrefix) => {
      fc.pre(isNonadjacent(walk, isPrefix));
      const cycle = simplify(walk, (part) => isNonadjacent(part, isPrefix));
      expect(isNonadjacent(cycle, isPrefix)).toBe(true);
      expect(new Set(cycle.map((link) => link.from)).size).toBe(cycle.length);
      cycle.forEach((link, i) => {
        expect(walk).toContain(link);
        expect(link.to).toBe(cycle[(i + 1) % cycle.length]!.from);
      });
    }),
  );
});

test("what is a cycle already stays as it is", () => {
  const walk = walkOf([
    [3, rw],
    [1, wr],
    [2, ww],
  ]);
  expect(simplify(walk, () => true)).toEqual(walk);
});

test("the part that is not allowed is left out", () => {
  const walk = walkOf([
    [1, wr],
    [2, rw],
    [3, rw],
    [2, wr],
  ]);
  const cycle = simplify(walk, (part) => isNonadjacent(part, false));
  expect(cycle.map((link) => link.from)).toEqual([1, 2]);
});

test("fewer transactions come before more, and earlier ones before later ones", () => {
  const two = walkOf([
    [8, ww],
    [9, ww],
  ]);
  const three = walkOf([
    [1, ww],
    [2, ww],
    [3, ww],
  ]);
  const late = walkOf([
    [3, ww],
    [1, ww],
    [4, ww],
  ]);
  expect([late, three, two].sort(compareWalks)).toEqual([two, three, late]);
  expect(compareWalks(three, [...three].reverse())).toBe(0);
});
