import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/base/json.js";
import type { NodeContext } from "../../../src/hosts/ts/node.js";
import { CustomMerge } from "../../../systems/multi-leader/custom-merge.js";
import { multiLeaderMerge, multiLeaderSiblings } from "../../../systems/multi-leader/index.js";
import type { Resolution, State } from "../../../systems/multi-leader/resolution.js";
import { Siblings } from "../../../systems/multi-leader/siblings.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

const NODES = ["n1", "n2", "n3"];

function siblingsAt(id: string, bugs: readonly string[] = []): Siblings {
  const context = { id, nodes: NODES, bugs: new Set(bugs), probe: () => undefined };
  return new Siblings(context as unknown as NodeContext);
}

const write = (value: Json, context: Json = null) => ({ type: "write", value, context });
const shown = (leader: Resolution, state: State | undefined): JsonObject => leader.read(state);

describe("siblings", () => {
  it("stay side by side where their writers had not read each other", () => {
    const leader = siblingsAt("n1");
    const one = leader.change(undefined, write(1));
    const both = leader.change(one, write(2));
    expect(shown(leader, both)["values"]).toEqual([1, 2]);
  });

  it("give way to a write that had read them, and to no other", () => {
    const leader = siblingsAt("n1");
    const both = leader.change(leader.change(undefined, write(1)), write(2));
    const { context } = shown(leader, both);
    const third = leader.change(both, write(3));
    const settled = leader.change(third, write(4, context as Json));
    expect(shown(leader, settled)["values"]).toEqual([3, 4]);
  });

  it("lose one without dots: the leader's next number covers what its client had not seen", () => {
    const leader = siblingsAt("n1", ["vector-without-dots"]);
    const both = leader.change(leader.change(undefined, write(1)), write(2));
    expect(shown(leader, both)["values"]).toEqual([2]);
  });

  it("do not come back from a leader that has not heard of their end", () => {
    const [here, there] = [siblingsAt("n1"), siblingsAt("n2")];
    const first = here.change(undefined, write(1));
    const { context } = shown(there, first);
    const settled = there.change(first, write(2, context as Json));
    expect(shown(here, here.merge(first, settled))["values"]).toEqual([2]);
    expect(shown(here, here.merge(settled, first))["values"]).toEqual([2]);
  });
});

/** States of one key as replicas may come to hold them: changes here and there, merged at random. */
function states(make: (id: string) => Resolution, type: string): fc.Arbitrary<State[]> {
  const step = fc.record({ at: fc.nat(2), from: fc.nat(2), reads: fc.boolean() });
  return fc.array(step, { minLength: 3, maxLength: 12 }).map((steps) => {
    const leaders = NODES.map(make);
    const held: (State | undefined)[] = NODES.map(() => undefined);
    steps.forEach(({ at, from, reads }, value) => {
      const leader = leaders[at] as Resolution;
      const [own, other] = [held[at], held[from]];
      if (own !== undefined && other !== undefined && at !== from)
        held[at] = leader.merge(own, other);
      const context = reads ? ((leader.read(held[at])["context"] ?? null) as Json) : null;
      held[at] = leader.change(held[at], { type, value, context });
    });
    return held.filter((state) => state !== undefined);
  });
}

describe.each([
  ["siblings", (id: string): Resolution => siblingsAt(id), "write"],
  ["a merge of the application's own", (): Resolution => new CustomMerge(), "add"],
] as const)("%s", (_, make, type) => {
  it("merge in any order, however often, to the same", () => {
    const leader = make("n1");
    fc.assert(
      fc.property(states(make, type), (all) => {
        const [a, b = a, c = b] = all as [State, State?, State?];
        expect(leader.merge(a, a)).toEqual(a);
        expect(leader.merge(a, b)).toEqual(leader.merge(b, a));
        expect(leader.merge(leader.merge(a, b), c)).toEqual(leader.merge(a, leader.merge(b, c)));
        expect(leader.merge(leader.merge(a, b), b)).toEqual(leader.merge(a, b));
      }),
    );
  });
});

describe("siblings under a swarm of faults", () => {
  it.each(["mesh", "ring"])("lose no write that nobody replaced: %s", async (topology) => {
    expect(await anomaliesOf(multiLeaderSiblings, { seeds: 6, options: { topology } })).toEqual([]);
  });

  it("merge sets without loss", async () => {
    expect(await anomaliesOf(multiLeaderMerge, { seeds: 4 })).toEqual([]);
    expect(await anomaliesOf(multiLeaderMerge, { seeds: 4, workload: "set-full" })).toEqual([]);
  });

  it.each(Object.entries(multiLeaderSiblings.bugs))("show the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(multiLeaderSiblings, name, 30);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
