import { describe, expect, test } from "vitest";
import { toHistory } from "../../histories/index.js";
import type { Json } from "../../src/base/json.js";
import { curve } from "../../src/explain/curve.js";
import { faultWords, ordinal } from "../../src/explain/fault-words.js";
import { messagesBetween } from "../../src/explain/messages.js";
import { pointsOf } from "../../src/explain/moments.js";
import { partingOf } from "../../src/explain/parting.js";
import { leaderAt, strike } from "../../src/explain/targets.js";
import { duration, list, seconds, seedWords } from "../../src/explain/words.js";
import type { Fault } from "../../src/plan/fault.js";
import type { TraceRecord } from "../../src/sim/trace.js";

function event(timeUs: number, who: string, more: Partial<TraceRecord> = {}): TraceRecord {
  return { n: 0, timeUs, kind: "message", who, hash: "0", ...more };
}

const struck = { atUs: 1_000_000, untilUs: 3_500_000, node: "n2", led: false };
const nodes = ["n1", "n2", "n3"];

test("a seed that shrinking changed is told with the one before", () => {
  expect(seedWords(4, 7001)).toBe("seed 4 (shrunk from seed 7001)");
  expect(seedWords(4, 4)).toBe("seed 4");
  expect(seedWords(4, undefined)).toBe("seed 4");
});

describe("a fault in words", () => {
  const timed = { id: 4, atUs: 1_000_000, untilUs: 3_500_000 };

  test("says whom it isolates, in which direction, and whether that was the leader", () => {
    const isolate = { ...timed, kind: "partition", shape: "x", isolate: "n2" } as const;
    const words = (direction: "in" | "out" | "both", led: boolean): string =>
      faultWords({ ...isolate, direction }, { ...struck, led }, nodes);
    expect(words("both", true)).toBe(
      "n2, the leader, is cut off from all others from 1 s to 3.5 s",
    );
    expect(words("in", false)).toBe("n2 hears nothing from all others from 1 s to 3.5 s");
    expect(words("out", false)).toBe("n2 is not heard by all others from 1 s to 3.5 s");
  });

  test("says which groups are apart and who bridges them", () => {
    const fault: Fault = { ...timed, kind: "partition", shape: "x", groups: [["n1"], ["n3"]] };
    expect(faultWords(fault, struck, nodes)).toBe(
      "n1 | n3 are cut off from each other (n2 reaches all) from 1 s to 3.5 s",
    );
  });

  test("says what it waited for, and that it never began", () => {
    const on = { moment: "ack", edge: "before", nth: 2 } as const;
    const fault: Fault = { ...timed, kind: "crash", target: "n2", on };
    expect(faultWords(fault, struck, nodes)).toBe(
      "n2 is down (crash, then restart) from 1 s to 3.5 s (it waited for the moment just before the 2nd answer to a client)",
    );
    const never = { atUs: null, untilUs: null, node: null, led: false };
    expect(faultWords(fault, never, nodes)).toBe(
      "a crash, which waits for the moment just before the 2nd answer to a client, never begins in this run",
    );
  });

  test("gives amounts with their units", () => {
    const target = "n2";
    expect(faultWords({ ...timed, kind: "clock-rate", target, ppm: -50_000 }, struck, nodes)).toBe(
      "the clock of n2 runs 5 % too slowly from 1 s to 3.5 s",
    );
    expect(faultWords({ ...timed, kind: "clock-step", target, byUs: 2_500 }, struck, nodes)).toBe(
      "the wall clock of n2 is 2.5 ms ahead from 1 s to 3.5 s",
    );
    expect(faultWords({ ...timed, kind: "loss", ppm: 300_000, from: ["n1"] }, struck, nodes)).toBe(
      "30 % of what n1 sends is lost from 1 s to 3.5 s",
    );
  });
});

describe("words", () => {
  test("count, list and measure as people do", () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 111].map(ordinal)).toEqual([
      ...["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "111th"],
    ]);
    expect([list([]), list(["a"]), list(["a", "b", "c"])]).toEqual(["nobody", "a", "a, b and c"]);
    expect([seconds(1_204_400), seconds(0)]).toEqual(["1.204 s", "0 s"]);
    expect([duration(7), duration(3_240), duration(1_500_000)]).toEqual([
      "7 us",
      "3.2 ms",
      "1.5 s",
    ]);
  });
});

describe("the target of a fault", () => {
  const said = (process: string, f: string, value: Json, time: number) => ({
    index: 0,
    time,
    process,
    type: "info" as const,
    f,
    value,
  });
  const fault: Fault = {
    id: 1,
    kind: "crash",
    atUs: 5,
    untilUs: 9,
    target: { role: "leader", else: "n1" },
  };
  const history = toHistory(
    [
      said("n2", "leader", { term: 2 }, 1_000),
      said("n3", "leader", { term: 1 }, 2_000),
      said("nemesis", "crash", { id: 1 }, 5_000),
      said("n3", "leader", { term: 3 }, 6_000),
      said("nemesis", "crash-end", { id: 1 }, 8_000),
    ].map((one, index) => ({ ...one, index })),
  );

  test("is who led, by the highest term, when it began", () => {
    expect(strike(fault, history)).toEqual({ atUs: 5, untilUs: 8, node: "n2", led: true });
    expect(leaderAt(history.observations, 4)).toBe("n3");
  });

  test("is nobody's when the fault never began", () => {
    expect(strike({ ...fault, id: 2 }, history)).toEqual({
      atUs: null,
      untilUs: null,
      node: null,
      led: false,
    });
  });
});

describe("the place where two runs part", () => {
  test("is the first event that differs, and the first that differs in more than its time", () => {
    const common = [event(1, "a->b"), event(2, "b->a")];
    const failing = [...common, event(5, "a->b"), event(6, "b->c")];
    const passing = [...common, event(4, "a->b"), event(6, "c->b")];
    const parting = partingOf(failing, passing, [])!;
    expect(parting.first.failing[parting.first.failingAt]?.timeUs).toBe(5);
    expect(parting.first.passing[parting.first.passingAt]?.timeUs).toBe(4);
    expect(parting.consequence!.words).toContain("b->c");
    expect(parting.consequence!.words).toContain("c->b");
  });

  test("passes over the faults themselves when it asks what came of them", () => {
    const fault = event(3, "crash", { kind: "fault" });
    const parting = partingOf([fault, event(4, "a->b")], [event(4, "a->b")], [])!;
    expect(parting.first.words).toContain("fault crash");
    expect(parting.consequence).toBeNull();
  });

  test("is not the fault that was put in to keep a message back", () => {
    const hold = event(0, "hold", { kind: "fault" });
    const parting = partingOf([event(4, "a->b")], [hold, event(5, "a->b")], [])!;
    expect(parting.first.passing[parting.first.passingAt]?.timeUs).toBe(5);
    expect(parting.consequence).toBeNull();
  });

  test("is seen where one run is over", () => {
    expect(partingOf([event(1, "a->b")], [], [])!.first.words).toContain("the run is over");
  });

  test("is nowhere in equal runs", () => {
    expect(partingOf([event(1, "a->b")], [event(1, "a->b")], [])).toBeUndefined();
  });
});

describe("messages of a trace", () => {
  const detail = { type: "append" };

  test("are numbered as they were sent: what did not arrive counts, clients and later ones do not show", () => {
    const trace = [
      event(10, "n1->n2", { detail }),
      event(20, "n1", { kind: "timer", effects: ["n1->n2 append: cut off"] }),
      event(30, "n1->n2", { detail }),
      event(40, "c0->n1", { detail }),
      event(90, "n1->n2", { detail }),
    ];
    const found = messagesBetween(nodes, trace, 50);
    expect(found.map(({ nth, arrivedUs }) => [nth, arrivedUs])).toEqual([
      [1, 10],
      [3, 30],
    ]);
  });

  test("are not told of a link that doubled one, from then on", () => {
    const trace = [
      event(10, "n1->n2", { detail, effects: ["n2->n1 append: duplicated"] }),
      event(20, "n2->n1", { detail }),
    ];
    expect(messagesBetween(nodes, trace, 50).map(({ arrivedUs }) => arrivedUs)).toEqual([10]);
  });
});

describe("the points at which likelihood is asked", () => {
  const fault = { id: 3, kind: "crash", words: "", node: null, without: null };

  test("are in order, begin with the run, end with the anomaly, and follow what happens", () => {
    const faults = [{ ...fault, atUs: 2_000, untilUs: 90_000 }];
    const points = pointsOf({ faults, operations: [], endUs: 50_000, count: 8 });
    const times = points.map(({ atUs }) => atUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times).toHaveLength(8);
    expect(points[0]).toEqual({ atUs: 0, words: "the run begins" });
    expect(points.at(-1)).toEqual({ atUs: 50_001, words: "the anomaly is complete" });
    expect(points).toContainEqual({ atUs: 2_001, words: "the crash (fault 1) has begun" });
    expect(times).not.toContain(90_001);
  });
});

describe("the curve", () => {
  const point = (atUs: number, failing: number) => ({
    ...{ atUs, failing, otherwise: 0, futures: 4, words: null },
  });

  test("is as high as the share, from each point until the next", () => {
    const rows = curve([point(0, 0), point(500_000, 2), point(1_000_000, 4)], 8).split("\n");
    expect(rows).toEqual([
      "100 % │       █",
      "      │       █",
      "      │    ▄▄▄█",
      "      │    ████",
      "  0 % │    ████",
      "      └────────",
      "       0 s  1 s",
    ]);
  });

  test("shows that something is more than nothing", () => {
    const faint = { ...point(0, 1), futures: 1_000 };
    expect(curve([faint], 4)).toContain("▁");
  });
});
