import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json.js";
import { GCounter } from "../../../systems/counter-set/g-counter.js";
import { OrSet } from "../../../systems/counter-set/or-set.js";

interface Crdt {
  merge(other: JsonObject): boolean;
  toJson(): JsonObject;
}

/** A state as a sorted text: equal when the replicas are. */
function face(crdt: Crdt): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return [...value].sort();
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, field]) => [name, sorted(field)]),
    );
  };
  return JSON.stringify(sorted(crdt.toJson()));
}

function merged<C extends Crdt>(copy: (state: JsonObject) => C, ...parts: readonly Crdt[]): string {
  const result = copy({});
  for (const part of parts) result.merge(part.toJson());
  return face(result);
}

/** The slots that three replicas may reach, seen from anywhere. */
const counter = fc
  .record({ n1: fc.nat(5), n2: fc.nat(5), n3: fc.nat(5) })
  .map((slots) => new GCounter(slots));

/** What a replica may hold: tags name their element, and each is absent, added or removed. */
const orSet = fc
  .array(fc.constantFrom("absent", "added", "removed"), { minLength: 6, maxLength: 6 })
  .map((fates) => {
    const added: JsonObject = {};
    const removed: string[] = [];
    fates.forEach((fate, i) => {
      if (fate === "added") added[`c${i}/16`] = i % 3;
      if (fate === "removed") removed.push(`c${i}/16`);
    });
    return new OrSet({ added, removed });
  });

describe.each([
  ["G-Counter", counter as fc.Arbitrary<Crdt>, (state: JsonObject): Crdt => new GCounter(state)],
  ["OR-Set", orSet as fc.Arbitrary<Crdt>, (state: JsonObject): Crdt => new OrSet(state)],
])("the merge of the %s is a join:", (_, state, copy) => {
  it("it does not matter which of two comes first", () => {
    fc.assert(
      fc.property(state, state, (a, b) => {
        expect(merged(copy, a, b)).toBe(merged(copy, b, a));
      }),
    );
  });

  it("it does not matter how three are grouped", () => {
    fc.assert(
      fc.property(state, state, state, (a, b, c) => {
        const bc = copy({});
        bc.merge(b.toJson());
        bc.merge(c.toJson());
        expect(merged(copy, a, b, c)).toBe(merged(copy, a, bc));
      }),
    );
  });

  it("a state heard twice changes nothing, and says so", () => {
    fc.assert(
      fc.property(state, state, (a, b) => {
        const once = copy(a.toJson());
        once.merge(b.toJson());
        const before = face(once);
        expect(once.merge(b.toJson())).toBe(false);
        expect(face(once)).toBe(before);
      }),
    );
  });

  it("it says that it learned something exactly when it did", () => {
    fc.assert(
      fc.property(state, state, (a, b) => {
        const before = face(a);
        expect(a.merge(b.toJson())).toBe(face(a) !== before);
      }),
    );
  });

  it("a state survives its JSON form", () => {
    fc.assert(
      fc.property(state, (a) => {
        expect(face(copy(a.toJson()))).toBe(face(a));
      }),
    );
  });
});

describe("a G-Counter", () => {
  it("counts what every replica added once, however often states are exchanged", () => {
    const additions = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 0, max: 9 })));
    fc.assert(
      fc.property(additions, (list) => {
        const replicas = [new GCounter(), new GCounter(), new GCounter()];
        for (const [at, delta] of list) {
          replicas[at]?.add(`n${at + 1}`, delta);
          for (const replica of replicas) replica.merge((replicas[at] as GCounter).toJson());
        }
        const total = list.reduce((sum, [, delta]) => sum + delta, 0);
        expect(replicas.map((replica) => replica.total())).toEqual([total, total, total]);
      }),
    );
  });
});

describe("an OR-Set", () => {
  it("lets an add win over a remove that has not seen it", () => {
    const here = new OrSet();
    const there = new OrSet();
    here.add("c1/16", "x");
    there.merge(here.toJson());
    here.remove("x");
    there.add("c2/16", "x");
    here.merge(there.toJson());
    there.merge(here.toJson());
    expect(here.elements()).toEqual(["x"]);
    expect(there.elements()).toEqual(["x"]);
  });

  it("takes an element away everywhere once a remove has seen all its adds", () => {
    const here = new OrSet();
    const there = new OrSet();
    here.add("c1/16", { name: "x" });
    there.add("c2/16", { name: "x" });
    here.merge(there.toJson());
    expect(here.elements()).toHaveLength(1);
    here.remove({ name: "x" });
    there.merge(here.toJson());
    expect(there.elements()).toEqual([]);
  });

  it("does not bring an element back when an old state arrives, or the add itself again", () => {
    const here = new OrSet();
    here.add("c1/16", "x");
    const old = here.toJson();
    here.remove("x");
    here.merge(old);
    here.add("c1/16", "x");
    expect(here.elements()).toEqual([]);
  });
});
