import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ring } from "../../../systems/dynamo/ring.js";

const nodesOf = (count: number) => Array.from({ length: count }, (_, i) => `n${i + 1}`);
const size = fc.integer({ min: 1, max: 9 });
const copies = fc.integer({ min: 1, max: 5 });

describe("the ring", () => {
  it("gives every key as many different homes as asked for, or all nodes", () => {
    fc.assert(
      fc.property(size, copies, fc.string(), (count, replicas, key) => {
        const ring = new Ring(nodesOf(count), replicas);
        const homes = ring.homes(ring.rangeOf(key));
        expect(homes).toHaveLength(Math.min(count, replicas));
        expect(new Set(homes).size).toBe(homes.length);
      }),
    );
  });

  it("has every node either as a home of a key or as its stand-in", () => {
    fc.assert(
      fc.property(size, copies, fc.string(), (count, replicas, key) => {
        const ring = new Ring(nodesOf(count), replicas);
        const range = ring.rangeOf(key);
        expect([...ring.homes(range), ...ring.standIns(range)].sort()).toEqual(nodesOf(count));
      }),
    );
  });

  it("is the same to everybody, in whatever order they know the nodes", () => {
    fc.assert(
      fc.property(size, fc.string(), (count, key) => {
        const [there, here] = [
          new Ring(nodesOf(count), 3),
          new Ring(nodesOf(count).toReversed(), 3),
        ];
        expect(here.homes(here.rangeOf(key))).toEqual(there.homes(there.rangeOf(key)));
      }),
    );
  });

  it("moves no key between nodes that stay when one comes", () => {
    fc.assert(
      fc.property(size, fc.string(), (count, key) => {
        const [before, after] = [new Ring(nodesOf(count), 1), new Ring(nodesOf(count + 1), 1)];
        const [was] = before.homes(before.rangeOf(key));
        const [is] = after.homes(after.rangeOf(key));
        expect([was, `n${count + 1}`]).toContain(is);
      }),
    );
  });

  it("says which ranges two nodes share: those that both are homes of", () => {
    const ring = new Ring(nodesOf(5), 3);
    const shared = ring.shared("n1", "n2");
    expect(shared.length).toBeGreaterThan(0);
    for (const range of shared) {
      expect(ring.homes(range)).toEqual(expect.arrayContaining(["n1", "n2"]));
    }
    expect(ring.shared("n2", "n1")).toEqual(shared);
  });
});
