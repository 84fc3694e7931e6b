/** Placements: who owns a key, how even that is, and what moves when a node comes. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  alphabetically,
  byModulo,
  evenly,
  positionOf,
  Ring,
  rangeOf,
} from "../../../systems/sharding/placement.js";

const nodesTo = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i + 1}`);
const keys = Array.from({ length: 600 }, (_, i) => `key ${i}`);
const POSITIONS = 1 << 30;
const ringOf = (count: number): Ring =>
  new Ring(nodesTo(count), { tokensPerNode: 64, positions: POSITIONS });
const counts = fc.integer({ min: 1, max: 9 });

describe("consistent hashing", () => {
  it("moves keys only to the node that comes", () => {
    fc.assert(
      fc.property(counts, (count) => {
        const [before, after] = [ringOf(count), ringOf(count + 1)];
        for (const key of keys) {
          const position = positionOf(key, POSITIONS);
          const owner = after.ownerOf(position);
          expect([before.ownerOf(position), `n${count + 1}`]).toContain(owner);
        }
      }),
      { numRuns: 9 },
    );
  });

  it("finds the first token at or after a position, round the ring", () => {
    const positions = 64;
    const nodes = nodesTo(3);
    const ring = new Ring(nodes, { tokensPerNode: 4, positions });
    const tokens = nodes.flatMap((node) =>
      [0, 1, 2, 3].map((i) => ({ at: positionOf(`${node}/${i}`, positions), node })),
    );
    for (let position = 0; position < positions; position++) {
      const ahead = tokens.map(({ at, node }) => ({
        by: (at - position + positions) % positions,
        node,
      }));
      const nearest = Math.min(...ahead.map(({ by }) => by));
      expect(ring.ownerOf(position)).toBe(ahead.find(({ by }) => by === nearest)?.node);
    }
  });

  it("counts as a node's share what it is the owner of", () => {
    const positions = 64;
    const ring = new Ring(nodesTo(3), { tokensPerNode: 4, positions });
    const counted = new Map<string, number>();
    for (let position = 0; position < positions; position++) {
      const owner = ring.ownerOf(position);
      counted.set(owner, (counted.get(owner) ?? 0) + 1);
    }
    expect(ring.shares()).toEqual(counted);
  });

  it("gives a position with tokens of two nodes to the one listed first", () => {
    const options = { tokensPerNode: 1, positions: 1 };
    expect(new Ring(["n1", "n2"], options).ownerOf(0)).toBe("n1");
    expect(new Ring(["n2", "n1"], options).ownerOf(0)).toBe("n2");
  });
});

describe("hash mod N", () => {
  it("moves most keys when a node comes, where consistent hashing moves few", () => {
    const moved = (owner: (position: number, count: number) => string): number =>
      keys.filter((key) => {
        const position = positionOf(key, POSITIONS);
        return owner(position, 4) !== owner(position, 5);
      }).length;
    const [four, five] = [ringOf(4), ringOf(5)];
    const byRing = moved((at, count) => (count === 4 ? four : five).ownerOf(at));
    const byHash = moved((at, count) => byModulo(at, nodesTo(count)));
    expect(byHash).toBeGreaterThan(keys.length / 2);
    expect(byRing).toBeLessThan(keys.length / 2);
  });
});

describe("slots", () => {
  const owners = fc.array(fc.option(fc.constantFrom(...nodesTo(6)), { nil: undefined }), {
    maxLength: 40,
  });

  it("are spread evenly, and only as many move as that takes", () => {
    fc.assert(
      fc.property(owners, counts, (before, count) => {
        const nodes = nodesTo(count);
        const after = evenly(before, nodes);
        const share = Math.floor(before.length / count);
        let [kept, odd] = [0, before.length % count];
        const had = nodes.map((node) => before.filter((owner) => owner === node).length);
        for (const many of had.sort((a, b) => b - a)) {
          const room = share + (odd-- > 0 ? 1 : 0);
          kept += Math.min(many, room);
        }
        for (const node of nodes) {
          const has = after.filter((owner) => owner === node).length;
          expect([share, share + 1]).toContain(has);
        }
        expect(after.length).toBe(before.length);
        expect(after.filter((owner, i) => owner === before[i]).length).toBe(kept);
      }),
    );
  });
});

describe("ranges", () => {
  it("begin at or before their keys, and end after them", () => {
    const texts = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 8 });
    fc.assert(
      fc.property(texts, fc.string({ maxLength: 3 }), (cuts, key) => {
        const bounds = ["", ...cuts.toSorted()];
        const range = rangeOf(key, bounds);
        expect(bounds[range]! <= key).toBe(true);
        expect(bounds[range + 1] === undefined || key < bounds[range + 1]!).toBe(true);
      }),
    );
  });

  it("cut the alphabet in order, from the empty text on", () => {
    expect(alphabetically(3)).toEqual(["", "i", "r"]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 26 }), (ranges) => {
        const bounds = alphabetically(ranges);
        expect(bounds).toEqual([...new Set(bounds)].sort());
      }),
    );
  });
});
