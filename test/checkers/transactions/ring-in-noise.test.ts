/**
 * After the hardest of Elle's own tests (`unfindable-g-single`), where its search runs out of time
 * and only proves that there is some cycle: one cycle with a single anti-dependency, through a
 * thousand transactions, in a sea of cycles with two adjacent ones.
 */

import { describe, expect, it } from "vitest";
import { models } from "../../../checkers/index.js";
import type { HistoryEvent } from "../../../histories/history.js";
import { toHistory } from "../../../histories/index.js";
import type { Json } from "../../../src/base/json.js";

const RING = 1_000;
const CHAIN = 29;

const upTo = (end: number): number[] => Array.from({ length: end }, (_, i) => i);

/** Each appends to one list, in turn; the last of them does not see what the first wrote elsewhere. */
function ringOf(isMissed: boolean): Json[][] {
  return upTo(RING).map((i): Json[] => {
    const link: Json = ["append", "ring", i];
    if (i === 0) return [link, ["append", "first", 0]];
    if (i === RING - 1) return [link, ["r", "first", isMissed ? [] : [0]]];
    return [link, ["append", i, 0]];
  });
}

/** From a link of the ring a chain of writes leads off, and two missed writes lead back to the first. */
function chainOf(link: number): Json[][] {
  const missed = `missed ${link}`;
  const writes = upTo(CHAIN - 1).slice(1);
  return [
    ...writes.map((value): Json[] => [["append", link, value]]),
    [
      ["r", link, [0, ...writes]],
      ["r", missed, []],
    ],
    [
      ["append", missed, 0],
      ["r", "ring", []],
    ],
  ];
}

function eventsOf(isMissed: boolean): HistoryEvent[] {
  const noise = upTo(RING - 1)
    .slice(1)
    .flatMap(chainOf);
  const transactions: [number, Json[]][] = [
    ...ringOf(isMissed).map((micros): [number, Json[]] => [0, micros]),
    [1, [["r", "ring", upTo(RING)]]],
    ...noise.map((micros): [number, Json[]] => [2, micros]),
  ];
  return transactions.flatMap(([process, micros], i): HistoryEvent[] => {
    const asked = micros.map((micro): Json => {
      const [f, key, value] = micro as [string, Json, Json];
      return [f, key, f === "r" ? null : value];
    });
    const event = { process, f: "txn" };
    return [
      { ...event, index: 2 * i, time: 2 * i, type: "invoke", value: asked },
      { ...event, index: 2 * i + 1, time: 2 * i + 1, type: "ok", value: micros },
    ];
  });
}

function judge(model: string, isMissed: boolean) {
  return models
    .get(model)!
    .checker()
    .check(toHistory(eventsOf(isMissed)));
}

describe("a ring of 1,000 transactions with one missed write, among 28,000 others", () => {
  it("is not snapshot-isolated, for the whole ring and nothing else", () => {
    const { valid, anomalies } = judge("snapshot-isolation", true);
    expect(valid).toBe(false);
    expect(anomalies.map(({ type }) => type)).toEqual(["G-single-item"]);
    expect([...anomalies[0]!.ops].sort((a, b) => a - b)).toEqual(upTo(RING).map((i) => 2 * i));
  });

  it("is not serializable for the same reason, whatever else lies in its component", () => {
    const { valid, anomalies, notes } = judge("serializable", true);
    expect(valid).toBe(false);
    expect(anomalies.map(({ type, ops }) => [type, ops.length])).toEqual([["G-single-item", RING]]);
    expect(notes).toMatchObject({ components: 1 });
  });

  it("is snapshot-isolated if the last one sees what the first one wrote", () => {
    expect(judge("snapshot-isolation", false).valid).toBe(true);
    const { anomalies } = judge("serializable", false);
    expect(new Set(anomalies.map(({ type }) => type))).toEqual(new Set(["G2-item"]));
  });
});
