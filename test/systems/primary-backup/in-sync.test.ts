import { describe, expect, it } from "vitest";
import { InSyncSet, isLater, type Standing } from "../../../systems/primary-backup/in-sync.js";

const rule = { least: 2, complete: 5 };

function standings(...nodes: [string, held: number, isBehind?: boolean][]): Standing[] {
  return nodes.map(([node, held, isBehind = false]) => ({ node, held, isBehind }));
}

/** The first set of epoch 3 of five nodes, decided. */
function decided(members: string[]): InSyncSet {
  const set = new InSyncSet({ epoch: 2, version: 7, members }, { epoch: 3, majority: 3 });
  for (const node of ["a", "d", "e"]) set.stored(node, 1);
  return set;
}

describe("the in-sync set of a reign", () => {
  it("keeps nothing before a majority has stored the first set of the epoch", () => {
    const set = new InSyncSet(
      { epoch: 2, version: 7, members: ["a", "b"] },
      { epoch: 3, majority: 3 },
    );
    expect(set.latest).toEqual({ epoch: 3, version: 1, members: ["a", "b"] });
    for (const node of ["a", "d", "d"]) set.stored(node, 1);
    expect(set.keepers).toBeUndefined();
    expect(set.review(standings(["a", 9], ["b", 0, true], ["c", 9]), rule)).toBe(false);
    set.stored("e", 1);
    expect(set.keepers).toEqual(["a", "b"]);
  });

  it("asks both the old set and the new until a majority has stored the new one", () => {
    const set = decided(["a", "b", "c"]);
    expect(set.review(standings(["a", 9], ["b", 6, true], ["c", 9]), rule)).toBe(true);
    expect(set.latest.members).toEqual(["a", "c"]);
    expect([...(set.keepers ?? [])].sort()).toEqual(["a", "b", "c"]);
    for (const node of ["a", "d", "e"]) set.stored(node, 1);
    expect(set.keepers).toContain("b");
    for (const node of ["a", "d", "e"]) set.stored(node, 2);
    expect(set.keepers).toEqual(["a", "c"]);
  });

  it("takes in only who holds all that was ever kept", () => {
    const set = decided(["a", "b"]);
    expect(set.review(standings(["a", 9], ["b", 9], ["c", 4]), rule)).toBe(false);
    expect(set.review(standings(["a", 9], ["b", 9], ["c", 5]), rule)).toBe(true);
    expect(set.latest.members).toEqual(["a", "b", "c"]);
  });

  it("never shrinks below the least size, and then waits for who lacks least", () => {
    const set = decided(["a", "b", "c"]);
    set.review(standings(["a", 9], ["b", 6, true], ["c", 7, true]), rule);
    expect(set.latest.members).toEqual(["a", "c"]);
  });

  it("may replace who is gone by who has caught up", () => {
    const set = decided(["a", "b"]);
    set.review(standings(["a", 9], ["b", 6, true], ["c", 9]), rule);
    expect(set.latest.members).toEqual(["a", "c"]);
  });
});

it("orders sets by epoch, then by version", () => {
  const set = (epoch: number, version: number) => ({ epoch, version, members: [] });
  expect(isLater(set(2, 1), set(1, 9))).toBe(true);
  expect(isLater(set(1, 9), set(2, 1))).toBe(false);
  expect(isLater(set(1, 2), set(1, 1))).toBe(true);
  expect(isLater(set(1, 1), set(1, 1))).toBe(false);
});
