/** Seconds count from the healing; the phase lasts 4 s, so that who is asked from 2 s on is asked in time. */

import { describe, expect, test } from "vitest";
import { type RecoveryOptions, recovery } from "../../checkers/index.js";
import type { History, HistoryEvent } from "../../histories/index.js";
import type { Json } from "../../src/base/json.js";
import { recorded } from "./timeline.js";

const HEALED_NS = 10e9;
const usual: RecoveryOptions = {
  core: ["n1", "n2"],
  sufficient: 2,
  healedNs: HEALED_NS,
  withinNs: 4e9,
};

type Ending = "ok" | "timeout" | number;
let processes = 0;

/** An operation at a node, by a process of its own. */
function asked(node: string, fromS: number, toS: number, ending: Ending): HistoryEvent[] {
  const common = { index: 0, process: processes++, f: "write", value: 1, node };
  const error: Json = ending === "timeout" ? ending : { code: ending as number, text: "" };
  const type = ending === "ok" ? "ok" : ending === "timeout" ? "info" : "fail";
  return [
    { ...common, type: "invoke", time: HEALED_NS + fromS * 1e9 },
    {
      ...common,
      type,
      time: HEALED_NS + toS * 1e9,
      ...(ending === "ok" ? {} : { error }),
    },
  ];
}

function fault(atS: number, value: { [field: string]: Json }): HistoryEvent {
  const time = HEALED_NS + atS * 1e9;
  return { index: 0, process: "nemesis", type: "info", f: String(value["kind"]), value, time };
}

function story(...parts: (HistoryEvent | HistoryEvent[])[]): History {
  return recorded(parts.flat());
}

function accused(history: History, options: Partial<RecoveryOptions> = {}): string[] {
  const { valid, anomalies } = recovery({ ...usual, ...options }).check(history);
  expect(valid).toBe(anomalies.length === 0);
  for (const { type } of anomalies) expect(type).toBe("no-recovery");
  return anomalies.map(({ message }) => message);
}

const fine = asked("n1", 3, 3.1, "ok");
const deaf = asked("n2", 2.5, 3.5, "timeout");

describe("a node of the core that was asked in time and did not serve", () => {
  test("is named, with what it was asked and who was healthy", () => {
    expect(accused(story(fine, asked("n2", 0.5, 1.5, "timeout"), deaf))).toEqual([
      "n2 served none of its 2 operations in the 4 s after all faults on n1, n2 had ended",
    ]);
    expect(accused(story(fine, deaf))).toEqual([
      "n2 did not serve its only operation in the 4 s after all faults on n1, n2 had ended",
    ]);
  });

  test("has the anomaly at its invocations", () => {
    const history = story(fine, deaf);
    const { anomalies } = recovery(usual).check(history);
    const [index] = anomalies[0]?.ops ?? [];
    expect(history.events[index as number]).toMatchObject({ type: "invoke", node: "n2" });
  });

  test.each([0, 11, 13, 14])("is accused when it answers error %i, too", (code) => {
    expect(accused(story(fine, asked("n2", 3, 3.1, code)))).toHaveLength(1);
  });
});

describe("no anomaly", () => {
  test.each([20, 21, 22])("where a node knew enough to refuse with error %i", (code) => {
    expect(accused(story(fine, deaf, asked("n2", 3, 3.1, code)))).toEqual([]);
  });

  test("where a node served once, before or after", () => {
    expect(accused(story(fine, deaf, asked("n2", 0.1, 0.2, "ok")))).toEqual([]);
    expect(accused(story(fine, deaf, asked("n2", 3.9, 4.5, "ok")))).toEqual([]);
    expect(accused(story(fine, deaf, asked("n2", -0.5, 0.2, "ok")))).toEqual([]);
  });

  test("where what was served came before the healing: that counts for nothing", () => {
    expect(accused(story(fine, deaf, asked("n2", -2, -1, "ok")))).toHaveLength(1);
  });

  test("from a core that is too small", () => {
    expect(accused(story(fine, deaf), { sufficient: 3 })).toEqual([]);
  });

  test("where nobody asked the node", () => {
    expect(accused(story(fine))).toEqual([]);
  });

  test("where it was asked too early, or too late to be answered in time", () => {
    expect(accused(story(fine, asked("n2", 0.5, 1.5, "timeout")))).toEqual([]);
    expect(accused(story(fine, asked("n2", 3.5, 4.5, "timeout")))).toEqual([]);
  });

  test("where its operations lost to others, or asked for what there is not", () => {
    expect(accused(story(fine, asked("n2", 3, 3.1, 30), asked("n2", 3.2, 3.3, 10)))).toEqual([]);
  });

  test("of nodes outside the core", () => {
    expect(accused(story(fine, asked("n3", 2.5, 3.5, "timeout")))).toEqual([]);
  });
});

describe("a fault in the phase", () => {
  const harmless: { [field: string]: Json }[] = [
    { kind: "crash", target: "n3" },
    { kind: "pause", target: "n3" },
    { kind: "partition", groups: [["n1", "n2"], ["n3"]] },
    { kind: "partition", isolate: "n3", direction: "both" },
    { kind: "loss", ppm: 1, from: ["n3"] },
    { kind: "delay", delayUs: 1, jitterUs: 0, to: ["n3"] },
    { kind: "wipe", target: "n3" },
    { kind: "bit-rot", target: "n3", ppm: 1 },
    { kind: "mute", target: "n3" },
    { kind: "clock-freeze", target: "n3" },
    { kind: "reset", to: ["n3"] },
  ];
  test.each(harmless)("that passes by the core excuses nobody: %o", (value) => {
    expect(accused(story(fine, deaf, fault(0, value)))).toHaveLength(1);
  });

  const harmful: { [field: string]: Json }[] = [
    { kind: "crash", target: "n2" },
    { kind: "pause", target: { role: "leader", else: "n3" } },
    { kind: "partition", groups: [["n1"], ["n2", "n3"]] },
    { kind: "partition", isolate: "n1", direction: "in" },
    { kind: "partition", pairs: [["n1", "n2"]] },
    { kind: "loss", ppm: 1 },
    { kind: "loss", ppm: 1, from: ["n3"], clients: true },
    { kind: "delay", delayUs: 1, jitterUs: 0, to: ["n2", "n3"] },
    { kind: "slow", target: "n1", costUs: 1 },
    { kind: "slow-disk", target: "n1", addUs: 1 },
    { kind: "reset" },
    { kind: "corrupt", ppm: 1, from: ["n3"] },
    { kind: "lie", target: "n3", ppm: 1 },
    { kind: "equivocate", target: "n3", ppm: 1 },
    { kind: "leave", target: "n3" },
  ];
  test.each(harmful)("that may trouble the core excuses it: %o", (value) => {
    expect(accused(story(fine, deaf, fault(1, value)))).toEqual([]);
  });

  test("of a membership that changes excuses it, until the change is granted", () => {
    const change = (f: string, atS: number): HistoryEvent => ({
      ...fault(atS, { kind: "add-node" }),
      f,
      value: { id: 3, node: "n3" },
    });
    const asked = change("add-node", -1);
    expect(accused(story(fine, deaf, asked))).toEqual([]);
    expect(accused(story(fine, deaf, change("remove-node", 1)))).toEqual([]);
    expect(accused(story(fine, deaf, asked, change("add-node-end", 1)))).toEqual([]);
    expect(accused(story(fine, deaf, asked, change("add-node-end", -0.5)))).toHaveLength(1);
    expect(accused(story(fine, deaf, change("remove-node", 5)))).toHaveLength(1);
  });

  test("that had begun before, or begins after, is none of the phase", () => {
    const before = fault(-1, { kind: "crash", target: "n2" });
    const after = fault(4, { kind: "crash", target: "n2" });
    expect(accused(story(fine, deaf, before, after))).toHaveLength(1);
  });
});
