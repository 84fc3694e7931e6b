/** Detectors in hand-made histories: what is held against them, and what is not. */

import { describe, expect, it } from "vitest";
import { failureDetector } from "../../../checkers/index.js";
import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { recorded } from "../timeline.js";

const NODES = ["n1", "n2", "n3", "n4"];
const PROMISE = { detectWithinMs: 1_000, toleratesMs: 100, relays: false };

function event(process: number | string, f: string, value: Json, atMs: number): HistoryEvent {
  return { index: 0, process, type: "info", f, value, time: atMs * 1e6 };
}

const said = (node: string, f: string, about: string, atMs: number): HistoryEvent =>
  event(node, f, { node: about }, atMs);

/** A fault and its end. */
function fault(
  id: number,
  fromMs: number,
  untilMs: number,
  what: { kind: string; [field: string]: Json },
) {
  const value = { id, atUs: fromMs * 1e3, untilUs: untilMs * 1e3, ...what };
  return [
    event("nemesis", what.kind, value, fromMs),
    event("nemesis", `${what.kind}-end`, { id }, untilMs),
  ];
}

interface Belief {
  node: string;
  state: string;
  boot: number;
}

const fine = (node: string): Belief[] =>
  NODES.filter((other) => other !== node).map((other) => ({
    node: other,
    state: "alive",
    boot: 1,
  }));

/** All nodes start, state their promise, and are asked in the end. */
function judge(
  events: readonly HistoryEvent[],
  { promise = PROMISE as Json, finals = {} as { [node: string]: Belief[] } } = {},
) {
  const starts = NODES.flatMap((node) => [
    event(node, "started", { boot: 1 }, 1),
    event(node, "detector", promise, 1),
  ]);
  const reads = NODES.flatMap((node, i) => {
    const about = { index: 0, process: i, f: "members", final: true, node };
    return [
      { ...about, type: "invoke" as const, value: null, time: (30_000 + 10 * i) * 1e6 },
      {
        ...about,
        type: "ok" as const,
        value: (finals[node] ?? fine(node)) as unknown as Json,
        time: (30_001 + 10 * i) * 1e6,
      },
    ];
  });
  return failureDetector.check(recorded([...starts, ...events, ...reads]));
}

const types = (verdict: { anomalies: { type: string }[] }): string[] => [
  ...new Set(verdict.anomalies.map(({ type }) => type)),
];
const crash = (node: string) => ({ kind: "crash", target: node });
const allSuspect = (subject: string, atMs: number): HistoryEvent[] =>
  NODES.filter((node) => node !== subject).map((node) => said(node, "suspect", subject, atMs));

describe("a detector whose world has no bound", () => {
  const untimely = { ...PROMISE, timely: false };

  it("may be late and may err before all faults have ended", () => {
    const down = fault(1, 5_000, 9_000, crash("n2"));
    const cut = fault(2, 12_000, 16_000, { kind: "partition", isolate: "n3" });
    const events = [...down, said("n1", "suspect", "n4", 10_000), ...cut];
    expect(types(judge(events))).not.toEqual([]);
    const verdict = judge(events, { promise: untimely });
    expect(verdict.valid).toBe(true);
    expect(verdict.notes).toMatchObject({ judged: 0, mistakes: 1 });
  });

  it("still has to know in the end who is alive", () => {
    const doubtful = fine("n1").map((belief) => ({ ...belief, state: "suspect" }));
    const verdict = judge([], { promise: untimely, finals: { n1: doubtful } });
    expect(types(verdict)).toEqual(["permanent-suspicion"]);
  });
});

describe("completeness", () => {
  it("demands that who stays down is suspected in time, by everybody who is up", () => {
    const down = fault(1, 5_000, 9_000, crash("n2"));
    expect(judge([...down, ...allSuspect("n2", 5_900)]).valid).toBe(true);
    expect(types(judge([...down, ...allSuspect("n2", 6_100)]))).toEqual(["undetected-failure"]);
    const { anomalies } = judge([...down, ...allSuspect("n2", 5_900).slice(1)]);
    expect(anomalies.map(({ message }) => message)).toEqual([
      "n2 was down from 5 s on, and n1 did not suspect it within 1 s",
    ]);
  });

  it("asks what is believed at the end of the time, not whether it was believed once", () => {
    const down = fault(1, 5_000, 9_000, crash("n2"));
    const wavering = [...allSuspect("n2", 5_500), said("n1", "trust", "n2", 5_800)];
    expect(types(judge([...down, ...wavering]))).toEqual(["undetected-failure"]);
  });

  it("demands nothing of a short crash, nor where anything else may have been to blame", () => {
    expect(judge(fault(1, 5_000, 5_900, crash("n2"))).valid).toBe(true);
    const down = fault(1, 5_000, 9_000, crash("n2"));
    const others: { kind: string; [field: string]: Json }[] = [
      { kind: "partition", groups: [["n1"], ["n3"]] },
      { kind: "delay", delayUs: 1, jitterUs: 1 },
      { kind: "crash", target: { role: "leader", else: "n1" } },
      { kind: "some-new-kind" },
    ];
    for (const other of others) {
      const leader = event("n3", "leader", { term: 1 }, 2);
      expect(judge([leader, ...down, ...fault(2, 4_500, 5_200, other)]).valid).toBe(true);
    }
  });

  it("demands nothing of an observer that stands still or is down itself", () => {
    const down = fault(1, 5_000, 9_000, crash("n2"));
    const others = allSuspect("n2", 5_500).filter(({ process }) => process !== "n1");
    const stalls = [...down, ...others, ...fault(2, 5_100, 5_300, { kind: "pause", target: "n1" })];
    expect(judge(stalls).valid).toBe(true);
  });

  it("is not excused by clocks, nor by crashes of others", () => {
    const down = fault(1, 5_000, 9_000, crash("n2"));
    const clock = fault(2, 4_000, 8_000, { kind: "clock-step", target: "n1", byUs: 9e9 });
    const other = fault(3, 1_000, 8_000, crash("n4"));
    const heard = [...allSuspect("n4", 1_500)];
    const { anomalies } = judge([...down, ...clock, ...other, ...heard]);
    expect(anomalies.map(({ message }) => message.split(",")[1])).toEqual([
      " and n1 did not suspect it within 1 s",
      " and n3 did not suspect it within 1 s",
    ]);
  });

  it("demands that who cannot be reached is told so, though alive", () => {
    const cut = fault(1, 5_000, 9_000, {
      kind: "partition",
      groups: [["n1"], ["n2", "n3"]],
    });
    const told = [
      said("n1", "unreachable", "n2", 5_600),
      said("n1", "unreachable", "n3", 5_600),
      said("n2", "unreachable", "n1", 5_600),
      said("n3", "unreachable", "n1", 5_600),
    ];
    expect(judge([...cut, ...told]).valid).toBe(true);
    expect(types(judge([...cut, ...told.slice(1)]))).toEqual(["hidden-partition"]);
    const oneWay = fault(1, 5_000, 9_000, { kind: "partition", pairs: [["n1", "n2"]] });
    expect(judge(oneWay).valid).toBe(true);
  });
});

describe("accuracy", () => {
  it("forbids to suspect who is up in a sound network", () => {
    expect(types(judge([said("n1", "suspect", "n2", 8_000)]))).toEqual(["false-suspicion"]);
  });

  it.each([
    ["a crash of the subject", crash("n2")],
    ["a pause of the subject", { kind: "pause", target: "n2" }],
    ["a partition", { kind: "partition", groups: [["n1"], ["n2"]] }],
    ["losses", { kind: "loss", ppm: 10_000 }],
    ["delays beyond what is tolerated", { kind: "delay", delayUs: 60_000, jitterUs: 10_000 }],
    ["what nobody knows", { kind: "some-new-kind" }],
  ])("is excused by %s, for some time after", (_, what) => {
    const suspected = [
      said("n1", "suspect", "n2", 8_000),
      ...(what.kind === "crash" ? [event("n2", "started", { boot: 1 }, 7_001)] : []),
    ];
    const told =
      what.kind === "partition"
        ? [said("n1", "unreachable", "n2", 6_000), said("n2", "unreachable", "n1", 6_000)]
        : [];
    expect(judge([...fault(1, 6_500, 7_000, what), ...told, ...suspected]).valid).toBe(true);
    const late = suspected.map((one) => ({ ...one, time: one.time + 4e9 }));
    expect(types(judge([...fault(1, 6_500, 7_000, what), ...told, ...late]))).toEqual([
      "false-suspicion",
    ]);
  });

  it.each([
    ["a stall of the accuser", { kind: "pause", target: "n1" }],
    ["a crash of a third", crash("n3")],
    ["delays that are tolerated", { kind: "delay", delayUs: 50_000, jitterUs: 10_000 }],
    ["steps of calendar clocks", { kind: "clock-step", target: "n2", byUs: -1e9 }],
  ])("is not excused by %s", (_, what) => {
    const events = [...fault(1, 6_500, 7_000, what), said("n1", "suspect", "n2", 7_100)];
    expect(types(judge(events))).toEqual(["false-suspicion"]);
  });

  it("adds tolerated delays up", () => {
    const mild = { kind: "delay", delayUs: 50_000, jitterUs: 10_000 };
    const events = [...fault(1, 6_000, 7_000, mild), ...fault(2, 6_500, 7_000, mild)];
    expect(judge([...events, said("n1", "suspect", "n2", 7_100)]).valid).toBe(true);
  });

  it("looks back beyond a stall of somebody, who may tell old news after it", () => {
    const cut = fault(1, 3_000, 4_500, { kind: "loss", ppm: 500_000 });
    const stall = fault(2, 5_000, 8_900, { kind: "pause", target: "n3" });
    const accused = said("n1", "suspect", "n2", 9_000);
    expect(judge([...cut, ...stall, accused]).valid).toBe(true);
    expect(judge([...stall, accused]).valid).toBe(false);
  });

  it("is not excused by one bad link where others are asked, unless others were away", () => {
    const promise = { ...PROMISE, relays: true };
    const link = fault(1, 6_000, 9_000, { kind: "loss", ppm: 900_000, from: ["n1"], to: ["n2"] });
    const accused = said("n1", "suspect", "n2", 7_000);
    expect(types(judge([...link, accused], { promise }))).toEqual(["false-suspicion"]);
    expect(judge([...link, accused]).valid).toBe(true);
    const away = fault(2, 6_500, 6_600, { kind: "pause", target: "n3" });
    expect(judge([...link, ...away, accused], { promise }).valid).toBe(true);
    const second = fault(2, 6_500, 6_600, { kind: "loss", ppm: 1, from: ["n1"], to: ["n3"] });
    expect(judge([...link, ...second, accused], { promise }).valid).toBe(true);
  });
});

describe("in the end", () => {
  it("nobody is suspected", () => {
    const finals = { n1: fine("n1").map((one) => ({ ...one, state: "dead" })) };
    expect(types(judge([], { finals }))).toEqual(["permanent-suspicion"]);
  });

  it("everybody knows the last life of everybody", () => {
    const restart = [
      ...fault(1, 5_000, 5_100, crash("n2")),
      event("n2", "started", { boot: 2 }, 5_101),
    ];
    expect(types(judge(restart))).toEqual(["stale-session"]);
    const finals = Object.fromEntries(
      NODES.map((node) => [
        node,
        fine(node).map((one) => (one.node === "n2" ? { ...one, boot: 2 } : one)),
      ]),
    );
    expect(judge(restart, { finals }).valid).toBe(true);
  });

  it("is open without promises or final answers", () => {
    const empty = recorded([event("n1", "started", { boot: 1 }, 1)]);
    expect(failureDetector.check(empty).valid).toBe("unknown");
    const promised = recorded([event("n1", "detector", PROMISE, 1)]);
    expect(failureDetector.check(promised).valid).toBe("unknown");
  });
});

describe("what cannot be judged", () => {
  it("is a promise without numbers", () => {
    expect(
      judge(fault(1, 3_000, 9_000, { kind: "crash", target: "n2" }), { promise: {} }).valid,
    ).toBe("unknown");
  });

  it("is the end of a history in which a fault has none", () => {
    const [crash] = fault(1, 28_000, 28_000, { kind: "crash", target: "n2" });
    const dead = { node: "n2", state: "dead", boot: 1 };
    const [, ...others] = fine("n1");
    const { valid } = judge(
      [crash!, ...["n1", "n3", "n4"].map((n) => said(n, "dead", "n2", 28_500))],
      {
        finals: { n1: [dead, ...others] },
      },
    );
    expect(valid).toBe("unknown");
  });
});
