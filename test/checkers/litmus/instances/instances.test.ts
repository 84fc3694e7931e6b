import { describe, expect, it } from "vitest";
import {
  type InstanceNotes,
  litmusInstances,
} from "../../../../checkers/litmus/instances/index.js";
import { parseLitmus } from "../../../../checkers/litmus/parse/parse.js";
import type { LitmusModel } from "../../../../checkers/litmus/program.js";
import { shapes } from "../../../systems/litmus-runs.js";
import { type Did, fence, final, r, recorded, unread, w } from "./recorded.js";

function verdictOf(name: keyof typeof shapes, model: LitmusModel, dids: readonly Did[]) {
  const test = parseLitmus(shapes[name], name);
  const { valid, anomalies, notes } = litmusInstances({ test, model }).check(recorded(dids));
  return {
    valid,
    types: anomalies.map(({ type }) => type),
    anomalies,
    notes: notes as InstanceNotes,
  };
}

const missed = [w(0, "x", 1), w(1, "y", 1), r(0, "y", null), r(1, "x", null)];

describe("an instance of a litmus test", () => {
  it("may end as its model allows", () => {
    expect(verdictOf("SB", "tso", missed).valid).toBe(true);
    expect(verdictOf("SB", "sc", missed).types).toEqual(["forbidden-outcome"]);
  });

  it("is told as what its sessions did, with the state that it came to", () => {
    expect(verdictOf("SB", "sc", missed).anomalies[0]).toEqual({
      type: "forbidden-outcome",
      message:
        "SB, instance 0: process 0 wrote x = 1, read y = null; process 1 wrote y = 1, read x = null; sequential consistency forbids that (0:r0=0 1:r0=0): SB",
      ops: [0, 2, 4, 6],
    });
  });

  it("has the name of another shape where it is not what the test asks for", () => {
    const messageOf = (dids: readonly Did[], model: LitmusModel) =>
      verdictOf("MP", model, dids).anomalies[0]?.message;
    const back = [w(0, "x", 1), r(1, "x", 1), r(1, "x", null)];
    expect(messageOf(back, "tso")).toMatch(/total store order forbids that: CoRR$/);
    expect(messageOf(missed, "sc")).toMatch(/sequential consistency forbids that: SB$/);
  });

  it("counts a fence that was answered, and no other", () => {
    const dids = (outcome: Did["outcome"]): Did[] => [
      w(0, "x", 1),
      fence(0, outcome),
      r(0, "y", null),
      w(1, "y", 1),
      fence(1, outcome),
      r(1, "x", null),
    ];
    expect(verdictOf("SB+fences", "tso", dids("ok")).types).toEqual(["forbidden-outcome"]);
    expect(verdictOf("SB+fences", "tso", dids("fail")).valid).toBe(true);
  });

  it("is read of a value that nobody wrote under no model", () => {
    const dids = [w(0, "x", 1), r(0, "y", 7)];
    expect(verdictOf("SB", "coherence", dids).types).toEqual(["forbidden-outcome"]);
  });

  it("ends outside every model when a write that failed is seen", () => {
    const dids = [w(0, "x", 1, "fail"), r(1, "x", 1)];
    expect(verdictOf("SB", "coherence", dids).types).toEqual(["forbidden-outcome"]);
  });

  it("leaves a write of unknown outcome open both ways", () => {
    const lost = [w(0, "x", 1), w(0, "y", 1, "info"), r(1, "y", null), r(1, "x", null)];
    const seen = [w(0, "x", 1), w(0, "y", 1, "info"), r(1, "y", 1), r(1, "x", 1)];
    expect(verdictOf("MP", "sc", lost).valid).toBe(true);
    expect(verdictOf("MP", "sc", seen).valid).toBe(true);
  });

  it("holds a write of unknown outcome to the order of its session once it is seen", () => {
    const dids = [w(0, "x", 1), w(0, "y", 1, "info"), r(1, "y", 1), r(1, "x", null)];
    expect(verdictOf("MP", "tso", dids).types).toEqual(["forbidden-outcome"]);
    expect(verdictOf("MP", "pso", dids).valid).toBe(true);
  });

  it("lets a write of unknown outcome take effect after all that its client went on to do", () => {
    // Process 2 is the client of process 0 under its next name.
    const dids = [
      w(0, "x", 1, "info"),
      r(2, "x", null),
      w(2, "y", 1),
      r(1, "y", 1),
      r(1, "x", null),
    ];
    expect(verdictOf("MP", "sc", dids).valid).toBe(true);
  });

  it("takes a read without an answer for any value", () => {
    const dids = [w(0, "x", 1), w(1, "y", 1), unread(0, "y"), r(1, "x", null)];
    expect(verdictOf("SB", "sc", dids).valid).toBe(true);
  });

  it("is judged by final values where all nodes agree on them", () => {
    const dids = [w(0, "x", 2), w(0, "y", 1), r(1, "y", 1), w(1, "x", 1)];
    const bad = [...dids, final(0, "x", 2), final(1, "x", 2)];
    expect(verdictOf("S", "tso", bad).types).toEqual(["forbidden-outcome"]);
    const apart = verdictOf("S", "tso", [...dids, final(0, "x", 2), final(1, "x", 1)]);
    expect([apart.valid, apart.notes.divergent, apart.notes.complete]).toEqual([true, 1, 0]);
  });

  it("exchanges atomically, and an exchange of unknown outcome perhaps", () => {
    const swap = (process: number, input: number, output: Did["output"]): Did => ({
      process,
      f: "swap",
      key: "x",
      input,
      ...(output === undefined ? { outcome: "info" } : { output }),
    });
    const both = [swap(0, 1, null), swap(1, 2, null)];
    expect(verdictOf("swaps", "coherence", both).types).toEqual(["forbidden-outcome"]);
    expect(verdictOf("swaps", "sc", [swap(0, 1, null), swap(1, 2, undefined)]).valid).toBe(true);
    expect(verdictOf("swaps", "sc", [swap(0, 1, 2), swap(1, 2, undefined)]).valid).toBe(true);
  });

  it("knows what a refused compare-and-set found where there are but two values", () => {
    const cas = (process: number, outcome: Did["outcome"]): Did => ({
      process,
      f: "cas",
      key: "x",
      input: [null, 1],
      ...(outcome === "fail" ? { outcome, error: { code: 22, text: "x is 1" } } : {}),
    });
    const { notes, valid } = verdictOf("cas", "sc", [cas(0, "ok"), cas(1, "fail")]);
    expect(valid).toBe(true);
    expect(notes.outcomes.map(({ outcome }) => outcome)).toEqual([{ "0:r0": 0, "1:r0": 1 }]);
    expect(verdictOf("cas", "sc", [cas(0, "ok"), cas(1, "ok")]).valid).toBe(false);
  });

  it("begins with what was written before it only where the order of real time is claimed", () => {
    const test = parseLitmus(shapes.cas, "cas");
    const history = recorded([w(0, "x", 0), r(1, "x", null)]);
    const verdict = (isRealTime: boolean) =>
      litmusInstances({ test, model: "sc", prepared: new Map([[0, 0]]), isRealTime }).check(history)
        .valid;
    expect([verdict(true), verdict(false)]).toEqual([false, true]);
  });

  it("counts what was seen, by whom it is allowed, and what never was", () => {
    const { notes } = verdictOf("SB", "tso", missed);
    expect(notes).toMatchObject({ test: "SB", model: "tso", instances: 1, complete: 1 });
    expect(notes.outcomes).toEqual([
      {
        outcome: { "0:r0": 0, "1:r0": 0 },
        count: 1,
        models: ["tso", "pso", "coherence", "causal-convergence"],
        allowed: true,
        condition: true,
      },
    ]);
    expect(notes.neverSeen).toEqual([
      { "0:r0": 0, "1:r0": 1 },
      { "0:r0": 1, "1:r0": 0 },
      { "0:r0": 1, "1:r0": 1 },
    ]);
  });

  it("is not valid for having never been answered", () => {
    expect(verdictOf("SB", "sc", [w(0, "x", 1), unread(0, "y")]).valid).toBe("unknown");
  });
});
