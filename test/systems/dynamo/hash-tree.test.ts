import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { childrenOf, HashTree, LEAF_LEVEL, leafOf } from "../../../systems/dynamo/hash-tree.js";

type Content = ReadonlyMap<string, string>;

const content: fc.Arbitrary<Content> = fc
  .array(fc.tuple(fc.stringMatching(/^k[0-9]{1,2}$/), fc.constantFrom("1/a", "1/b", "2/a")), {
    maxLength: 30,
  })
  .map((entries) => new Map(entries));

function treeOf(entries: Iterable<readonly [string, string]>): HashTree {
  const tree = new HashTree();
  for (const [key, tag] of entries) tree.toggle(key, tag);
  return tree;
}

/** The leaves that two replicas find by comparing hashes from the root down. */
function differing(left: HashTree, right: HashTree): number[] {
  let places = [0];
  for (let level = 0; ; level++) {
    places = places.filter((place) => left.hash(level, place) !== right.hash(level, place));
    if (level === LEAF_LEVEL) return places;
    places = places.flatMap(childrenOf);
  }
}

describe("hash trees", () => {
  it("lead to exactly those leaves in which two replicas differ", () => {
    fc.assert(
      fc.property(content, content, (left, right) => {
        const keys = [...new Set([...left.keys(), ...right.keys()])];
        const expected = keys.filter((key) => left.get(key) !== right.get(key)).map(leafOf);
        const found = differing(treeOf(left), treeOf(right));
        expect(found).toEqual([...new Set(expected)].sort((a, b) => a - b));
      }),
    );
  });

  it("do not depend on the order in which versions came", () => {
    fc.assert(
      fc.property(content, (entries) => {
        expect(treeOf([...entries].toReversed()).root).toBe(treeOf(entries).root);
      }),
    );
  });

  it("forget a version that is taken out", () => {
    fc.assert(
      fc.property(content, (entries) => {
        const tree = treeOf(entries);
        const before = tree.root;
        tree.toggle("k", "9/z");
        expect(tree.root).not.toBe(before);
        tree.toggle("k", "9/z");
        expect(tree.root).toBe(before);
      }),
    );
  });

  it("spread keys over their leaves", () => {
    const leaves = new Set(Array.from({ length: 200 }, (_, i) => leafOf(`k${i}`)));
    expect(leaves.size).toBe(16);
  });
});
