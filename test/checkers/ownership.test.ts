/** Who owned what, from what nodes recorded: two at once, or twice in an epoch. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownership } from "../../checkers/index.js";
import { type Observed, observed } from "./observed.js";

const owns = (process: string, epoch: number, shard = "a"): Observed => ({
  process,
  f: "owns",
  value: { shard, epoch },
});
const disowns = (process: string, epoch: number, shard = "a"): Observed => ({
  ...owns(process, epoch, shard),
  f: "disowns",
});
const judge = (...events: Observed[]) => ownership.check(observed(events));

describe("ownership", () => {
  it("lets a shard go from node to node, and come back under a later epoch", () => {
    const { valid, notes } = judge(
      owns("n1", 1),
      disowns("n1", 1),
      owns("n2", 2),
      disowns("n2", 2),
      owns("n1", 4),
    );
    expect(valid).toBe(true);
    expect(notes).toEqual({ shards: 1, claims: 3 });
  });

  it("lets an owner say again that it is one, and take a later epoch as it goes", () => {
    expect(judge(owns("n1", 1), owns("n1", 1), owns("n1", 2), disowns("n1", 2)).valid).toBe(true);
    expect(judge(owns("n1", 1), owns("n1", 2), disowns("n1", 2), owns("n2", 3)).valid).toBe(true);
  });

  it("accuses who begins while another has not stopped", () => {
    expect(judge(owns("n1", 1), owns("n2", 2)).anomalies).toEqual([
      {
        type: "two-owners",
        message: 'n2 owned shard "a" in epoch 2, and n1 did in epoch 1, which it had not given up',
        ops: [0, 1],
      },
    ]);
  });

  it("accuses who owns in an epoch that was another's", () => {
    const { anomalies } = judge(owns("n1", 1), disowns("n1", 1), owns("n2", 1));
    expect(anomalies).toMatchObject([
      {
        type: "two-owners",
        message: 'n2 owned shard "a" in epoch 1, and n1 did in epoch 1',
        ops: [0, 2],
      },
    ]);
  });

  it("takes no giving up of one epoch for that of another", () => {
    expect(judge(owns("n1", 2), disowns("n1", 1), owns("n2", 3)).valid).toBe(false);
  });

  it("knows shards apart", () => {
    expect(judge(owns("n1", 1, "a"), owns("n2", 1, "b")).valid).toBe(true);
  });

  it("is unknown where nobody owned anything, and takes no notice of what it cannot read", () => {
    const strange: Observed[] = [{ process: "n1", f: "owns", value: { shard: "a" } }];
    expect(judge(...strange, { process: "n1", f: "leader", value: 1 }).valid).toBe("unknown");
  });

  it("agrees with a look at every pair of intervals", () => {
    const event = fc.record({
      process: fc.constantFrom("n1", "n2", "n3"),
      f: fc.constantFrom("owns", "disowns"),
      epoch: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 10 }), (events) => {
        const history = events.map(
          ({ process, f, epoch }): Observed => ({ process, f, value: { shard: "a", epoch } }),
        );
        const claims = intervals(events);
        fc.pre(claims.length > 0);
        const isBroken = claims.some((one) =>
          claims.some(
            (other) =>
              one.node !== other.node &&
              (one.epoch === other.epoch || (one.from < other.until && other.from < one.until)),
          ),
        );
        expect(judge(...history).valid).toBe(!isBroken);
      }),
    );
  });
});

interface Interval {
  node: string;
  epoch: number;
  from: number;
  until: number;
}

/** From each record that a node owns to its next record of another epoch, or that it has stopped. */
function intervals(events: readonly { process: string; f: string; epoch: number }[]): Interval[] {
  return events.flatMap(({ process, f, epoch }, from) => {
    if (f !== "owns") return [];
    const end = events.findIndex(
      (later, i) =>
        i > from &&
        later.process === process &&
        (later.f === "owns" ? later.epoch !== epoch : later.epoch === epoch),
    );
    return [{ node: process, epoch, from, until: end < 0 ? events.length : end }];
  });
}
