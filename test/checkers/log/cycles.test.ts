/** Cycles through what transactions sent and polled. */

import { describe, expect, it } from "vitest";
import { logWith } from "../../../checkers/log/log.js";
import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { recorded } from "../timeline.js";

type Micro = ["send", string, Json, number] | ["poll", { [key: string]: Json }];

/** [process, from, to, micro-operations] */
type Step = [process: number, from: number, to: number, ...micros: Micro[]];

function historyOf(steps: Step[]) {
  const events: HistoryEvent[] = steps.flatMap(([process, from, to, ...micros]) => {
    const common = { index: 0, process, f: "txn" };
    const input = micros.map((micro) => (micro[0] === "poll" ? ["poll"] : micro.slice(0, 3)));
    const output = micros.map((micro) =>
      micro[0] === "poll" ? micro : ["send", micro[1], [micro[3], micro[2]]],
    );
    return [
      { ...common, time: from, type: "invoke" as const, value: input as Json },
      { ...common, time: to, type: "ok" as const, value: output as Json },
    ];
  });
  return recorded(events);
}

const judge = (steps: Step[], ww = false) => logWith({ ww }).check(historyOf(steps));
const typesOf = (steps: Step[], ww = false) => judge(steps, ww).anomalies.map(({ type }) => type);

describe("two transactions", () => {
  const polled = (a: Json, b: Json): Step[] => [
    [1, 0, 9, ["send", "x", 1, 0], ["poll", { y: a }]],
    [2, 0, 9, ["send", "y", 2, 0], ["poll", { x: b }]],
  ];

  it("that polled what the other sent are a cycle of reads", () => {
    const { anomalies } = judge(polled([[0, 2]], [[0, 1]]));
    expect(anomalies).toEqual([
      {
        type: "G1c",
        message:
          "process 1's txn (event 0) sent 1 to key x, which process 2's txn (event 1) polled, process 2's txn (event 1) sent 2 to key y, which process 1's txn (event 0) polled",
        ops: [0, 1],
      },
    ]);
  });

  it("of which one polled what the other sent are none", () => {
    expect(typesOf(polled([[0, 2]], []))).toEqual([]);
  });

  it("of which the first polled what the second had not begun to send contradict real time", () => {
    const early: Step[] = [
      [1, 0, 1, ["poll", { x: [[0, 1]] }]],
      [2, 2, 3, ["send", "x", 1, 0]],
    ];
    const { anomalies } = judge(early);
    expect(anomalies.map(({ type }) => type)).toEqual(["G1c-realtime"]);
    expect(anomalies[0]!.message).toContain("completed before");
    const overlapping: Step[] = [[1, 0, 3, ["poll", { x: [[0, 1]] }]], early[1]!];
    expect(typesOf(overlapping)).toEqual([]);
  });

  it("of one process contradict its own order", () => {
    expect(
      typesOf([
        [1, 0, 1, ["poll", { x: [[0, 1]] }]],
        [1, 2, 3, ["send", "x", 1, 0]],
      ]),
    ).toEqual(["G1c-process"]);
  });
});

describe("sends in the log", () => {
  const crossed: Step[] = [
    [1, 0, 9, ["send", "x", 1, 0], ["send", "y", 1, 1]],
    [2, 0, 9, ["send", "x", 2, 1], ["send", "y", 2, 0]],
    [
      3,
      10,
      11,
      [
        "poll",
        {
          x: [
            [0, 1],
            [1, 2],
          ],
          y: [
            [0, 2],
            [1, 1],
          ],
        },
      ],
    ],
  ];

  it("interleave in opposite orders, which is normal and noted where it is looked for", () => {
    expect(judge(crossed).notes?.["allowed"]).toBeUndefined();
    const { valid, notes } = judge(crossed, true);
    expect(valid).toBe(true);
    expect(notes).toMatchObject({ allowed: { G0: 1 } });
  });

  it("make cycles with polls, which are normal and noted where they are looked for", () => {
    const steps: Step[] = [
      [1, 0, 9, ["send", "x", 1, 0], ["poll", { y: [[0, 5]] }]],
      [2, 0, 9, ["send", "x", 2, 1], ["send", "y", 5, 0]],
      [
        3,
        10,
        11,
        [
          "poll",
          {
            x: [
              [0, 1],
              [1, 2],
            ],
          },
        ],
      ],
    ];
    expect(typesOf(steps)).toEqual([]);
    const { valid, notes } = judge(steps, true);
    expect(valid).toBe(true);
    expect(notes).toMatchObject({ allowed: { G1c: 1 } });
    const strict = logWith({ ww: true, forbid: ["G1c"] }).check(historyOf(steps));
    expect(strict.anomalies.map(({ type }) => type)).toEqual(["G1c"]);
  });
});
