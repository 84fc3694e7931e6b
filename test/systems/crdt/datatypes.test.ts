/** What the paper asks of every datatype: merges are joins, and both forms come to the same value. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical, type Json, type JsonObject } from "../../../src/base/json.js";
import type { Datatype, Update } from "../../../systems/crdt/datatype.js";
import { gCounter } from "../../../systems/crdt/g-counter.js";
import { gSet } from "../../../systems/crdt/g-set.js";
import { lwwRegister } from "../../../systems/crdt/lww-register.js";
import { mvRegister } from "../../../systems/crdt/mv-register.js";
import { orSet } from "../../../systems/crdt/or-set.js";
import { pnCounter } from "../../../systems/crdt/pn-counter.js";
import { covers, type Dot, type Vector } from "../../../systems/crdt/vector.js";

const none: ReadonlySet<string> = new Set();

interface Sort {
  name: string;
  datatype: Datatype;
  update: fc.Arbitrary<Update>;
}

const asUpdate =
  (f: string) =>
  (argument: Json): Update => ({ f, argument });

const sorts: Sort[] = [
  { name: "G-Counter", datatype: gCounter(), update: fc.nat(5).map(asUpdate("add")) },
  {
    name: "PN-Counter",
    datatype: pnCounter(),
    update: fc.integer({ min: -5, max: 5 }).map(asUpdate("add")),
  },
  { name: "LWW-Register", datatype: lwwRegister(none), update: fc.nat(99).map(asUpdate("write")) },
  { name: "MV-Register", datatype: mvRegister(), update: fc.nat(99).map(asUpdate("write")) },
  { name: "G-Set", datatype: gSet(), update: fc.nat(4).map(asUpdate("add")) },
  {
    name: "OR-Set",
    datatype: orSet(none),
    update: fc.record({ f: fc.constantFrom("add", "remove"), argument: fc.nat(3) }),
  },
];

/** Replica 0, 1 or 2 updates its state, or hears from another. */
type Step = { at: number; update: Update } | { at: number; from: number };

function stepsOf({ update }: Sort): fc.Arbitrary<Step[]> {
  const at = fc.nat(2);
  const step = fc.oneof(fc.record({ at, update }), fc.record({ at, from: at }));
  return fc.array(step, { maxLength: 14 });
}

interface Operation {
  dot: Dot;
  after: Vector;
  body: JsonObject;
}

/** Three replicas in both forms: what one hears from another is its whole state, or all its operations. */
class Trio {
  readonly states: JsonObject[] = [{}, {}, {}];
  readonly deltas: JsonObject[] = [];
  readonly #effects: JsonObject[] = [{}, {}, {}];
  readonly #covered: Vector[] = [{}, {}, {}];
  readonly #logs: Operation[][] = [[], [], []];
  readonly #datatype: Datatype;

  constructor({ datatype }: Sort, steps: readonly Step[]) {
    this.#datatype = datatype;
    for (const step of steps) {
      if ("update" in step) this.#update(step.at, step.update);
      else this.hear(step.at, step.from);
    }
  }

  valuesAt(replica: number): [Json, Json] {
    const { stateBased, operationBased } = this.#datatype;
    return [
      stateBased.value(this.states[replica] as JsonObject),
      operationBased.value(this.#effects[replica] as JsonObject),
    ];
  }

  hear(at: number, from: number): void {
    const [mine, theirs] = [this.states[at] as JsonObject, this.states[from] as JsonObject];
    this.states[at] = this.#datatype.stateBased.merge(mine, theirs);
    for (const operation of [...(this.#logs[from] as Operation[])]) this.#deliver(at, operation);
  }

  #update(at: number, update: Update): void {
    const { stateBased, operationBased } = this.#datatype;
    const covered = this.#covered[at] as Vector;
    const dot = { replica: `n${at}`, n: (covered[`n${at}`] ?? 0) + 1 };
    const state = this.states[at] as JsonObject;
    const delta = stateBased.mutate(state, update, dot);
    this.deltas.push(delta);
    const body = operationBased.prepare(this.#effects[at] as JsonObject, update, dot);
    this.states[at] = stateBased.merge(state, delta);
    this.#deliver(at, { dot, after: { ...covered }, body });
  }

  #deliver(at: number, operation: Operation): void {
    const covered = this.#covered[at] as Vector;
    const { replica, n } = operation.dot;
    if ((covered[replica] ?? 0) >= n) return;
    expect(covers(covered, operation.after)).toBe(true);
    covered[replica] = n;
    this.#logs[at]?.push(operation);
    const before = this.#effects[at] as JsonObject;
    this.#effects[at] = this.#datatype.operationBased.effect(before, operation.body);
  }
}

/** A value without the order of its elements, which means nothing. */
function face(value: Json): string {
  return Array.isArray(value) ? value.map(canonical).sort().join(" ") : canonical(value);
}

describe.each(sorts)("a $name", (sort) => {
  const { merge, value } = sort.datatype.stateBased;
  const property = (judge: (trio: Trio) => void): void =>
    fc.assert(
      fc.property(stepsOf(sort), (steps) => judge(new Trio(sort, steps))),
      { numRuns: 60 },
    );
  const threeOf = ({ states }: Trio) => states as [JsonObject, JsonObject, JsonObject];
  const same = (left: JsonObject, right: JsonObject): void =>
    expect(canonical(left)).toBe(canonical(right));

  it("merges in either order to the same", () => {
    property((trio) => {
      const [a, b] = threeOf(trio);
      same(merge(a, b), merge(b, a));
    });
  });

  it("merges three in any grouping to the same", () => {
    property((trio) => {
      const [a, b, c] = threeOf(trio);
      same(merge(merge(a, b), c), merge(a, merge(b, c)));
    });
  });

  it("does not change by merging what is in it already", () => {
    property((trio) => {
      const [a, b] = threeOf(trio);
      same(merge(merge(a, b), b), merge(a, b));
    });
  });

  it("is the merge of its deltas, in any order and with repetitions", () => {
    property((trio) => {
      const [a, b, c] = threeOf(trio);
      const all = merge(merge(a, b), c);
      const backwards = [...trio.deltas, ...trio.deltas].reverse().reduce(merge, {});
      expect(face(value(backwards))).toBe(face(value(all)));
    });
  });

  it("has the same value as operations delivered in causal order, once each", () => {
    property((trio) => {
      for (const replica of [0, 1, 2]) {
        const [ofState, ofOperations] = trio.valuesAt(replica);
        expect(face(ofOperations)).toBe(face(ofState));
      }
    });
  });

  it("has one value wherever everything has been heard", () => {
    property((trio) => {
      for (const [at, from] of [
        [0, 1],
        [0, 2],
        [1, 0],
        [2, 0],
      ] as const)
        trio.hear(at, from);
      const faces = [0, 1, 2].flatMap((replica) => trio.valuesAt(replica).map(face));
      expect(new Set(faces).size).toBe(1);
    });
  });
});

describe("a datatype without its rule", () => {
  const concurrent = (datatype: Datatype): [JsonObject, JsonObject] => {
    const write = (argument: number, replica: string) =>
      datatype.stateBased.mutate({}, { f: "write", argument }, { replica, n: 1 });
    return [write(1, "n1"), write(2, "n2")];
  };

  it("depends on the order of arrival where a tie goes to the later arrival", () => {
    for (const [bugs, order] of [
      [[], "same"],
      [["tie-takes-arrival"], "different"],
    ] as const) {
      const { stateBased } = lwwRegister(new Set<string>(bugs));
      const [a, b] = concurrent(lwwRegister(new Set<string>(bugs)));
      const [ab, ba] = [stateBased.merge(a, b), stateBased.merge(b, a)];
      expect(canonical(ab) === canonical(ba) ? "same" : "different").toBe(order);
    }
  });

  it("loses an add that a remove had not seen where the remove names the element", () => {
    const left = (bugs: readonly string[]): Json => {
      const { operationBased } = orSet(new Set(bugs));
      const add = operationBased.prepare({}, { f: "add", argument: "x" }, { replica: "n1", n: 1 });
      const remove = operationBased.prepare(
        {},
        { f: "remove", argument: "x" },
        { replica: "n2", n: 1 },
      );
      return operationBased.value([add, remove].reduce(operationBased.effect, {}));
    };
    expect(left([])).toEqual(["x"]);
    expect(left(["removes-unseen"])).toEqual([]);
  });
});

describe("an element that is added to an OR-Set again", () => {
  const add = { f: "add", argument: "x" };
  const remove = { f: "remove", argument: "x" };
  const { stateBased, operationBased } = orSet(none);

  it("stays when the remove had seen the first add alone", () => {
    const first = stateBased.mutate({}, add, { replica: "n1", n: 1 });
    const removed = stateBased.mutate(first, remove, { replica: "n2", n: 1 });
    const again = stateBased.mutate(first, add, { replica: "n1", n: 2 });
    expect(stateBased.value([first, again, removed].reduce(stateBased.merge))).toEqual(["x"]);
  });

  it("stays in the other form too", () => {
    const first = operationBased.prepare({}, add, { replica: "n1", n: 1 });
    const seen = operationBased.effect({}, first);
    const removed = operationBased.prepare(seen, remove, { replica: "n2", n: 1 });
    const again = operationBased.prepare(seen, add, { replica: "n1", n: 2 });
    expect(operationBased.value([again, removed].reduce(operationBased.effect, seen))).toEqual([
      "x",
    ]);
  });
});

describe("an OR-Set whose tombstones are collected", () => {
  const { stateBased } = orSet(none);

  it("keeps a tombstone until every replica covers the remove", () => {
    const added = stateBased.mutate({}, { f: "add", argument: "x" }, { replica: "n1", n: 1 });
    const remove = { f: "remove", argument: "x" };
    const state = stateBased.merge(
      added,
      stateBased.mutate(added, remove, { replica: "n2", n: 4 }),
    );
    expect(stateBased.collect?.(state, { n1: 1, n2: 3 })["removed"]).toEqual({ "n1:1": "n2:4" });
    expect(stateBased.collect?.(state, { n1: 1, n2: 4 })["removed"]).toEqual({});
  });

  it("sends no delta that still adds what is gone, and all that it removes", () => {
    const removed = { "n2:1": "n1:3" };
    const delta = { added: { "n1:1": "x", "n1:2": "y" }, removed };
    expect(stateBased.refresh?.(delta, { added: { "n1:2": "y" }, removed: {} })).toEqual({
      added: { "n1:2": "y" },
      removed,
    });
  });
});
