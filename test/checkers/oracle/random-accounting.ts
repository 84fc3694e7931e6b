/**
 * Random histories of adds followed by final reads, for fast-check. Adds overlap, fail, or stay
 * pending; reads between them lag behind, as those of an eventually consistent service do; final
 * reads come when all clients are done. A final read is put together from what it ought to show
 * (what was acknowledged, and some of the pending), then sometimes spoiled.
 */

import fc from "fast-check";
import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { formatHistory, renumbered } from "./notation.js";

export interface AccountingHistory {
  events: HistoryEvent[];
  toString(): string;
}

interface Add {
  key: number;
  element: number;
  outcome: "ok" | "fail" | "info" | "open";
  /** How many further adds are invoked before this one completes. */
  lag: number;
  /** Which of the adds so far a read just after the invocation shows; 0 for no read at all. */
  glimpse: number;
}

interface FinalRead {
  key: number;
  outcome: "ok" | "fail" | "info";
  /** Which pending adds it shows: bit n for the n-th. */
  shown: number;
  flaw: "none" | "miss" | "excess" | "failed add";
  which: number;
}

const adds: fc.Arbitrary<Add[]> = fc.array(
  fc.record({
    key: fc.nat(1),
    element: fc.nat(5),
    outcome: fc.constantFrom("ok", "ok", "ok", "ok", "fail", "info", "open"),
    lag: fc.nat(2),
    glimpse: fc.oneof(fc.constant(0), fc.nat(511)),
  }),
  { maxLength: 9, size: "max" },
);

const finalReads: fc.Arbitrary<FinalRead[]> = fc.array(
  fc.record({
    key: fc.nat(1),
    outcome: fc.constantFrom("ok", "ok", "ok", "ok", "fail", "info"),
    shown: fc.nat(511),
    flaw: fc.constantFrom("none", "none", "none", "none", "miss", "excess", "failed add"),
    which: fc.nat(9),
  }),
  { maxLength: 3 },
);

const keyChoices: readonly (readonly (Json | undefined)[])[] = [[undefined], ["x"], ["x", "y"]];

/** Elements as they come, or different for each add. */
export const setAccounting = accounting(
  (unique, element, ordinal) => (unique ? `e${ordinal}` : element),
  (shown) => [...new Set(shown)].reverse(),
  "nobody's",
);

/** Deltas of either sign, or powers of two, whose every sum tells which were counted. */
export const counterAccounting = accounting(
  (unique, element, ordinal) => (unique ? 2 ** ordinal : element - 1),
  (shown) => shown.reduce<number>((sum, delta) => sum + (delta as number), 0),
  3,
);

function accounting(
  inputOf: (unique: boolean, element: number, ordinal: number) => Json,
  read: (shown: Json[]) => Json,
  excess: Json,
): fc.Arbitrary<AccountingHistory> {
  return fc
    .record({ unique: fc.boolean(), keys: fc.nat(2), adds, finalReads })
    .map(({ unique, keys, adds, finalReads }) => {
      const keyOf = ({ key }: { key: number }) => {
        const among = keyChoices[keys]!;
        return among[key % among.length];
      };
      const inputs = adds.map(({ element }, ordinal) => inputOf(unique, element, ordinal));
      const finals = finalReads.flatMap((final, n) => {
        const added = adds.map((add, at) => ({ add, input: inputs[at]! }));
        const ofKey = added.filter(({ add }) => keyOf(add) === keyOf(final));
        const withOutcome = (...wanted: string[]) =>
          ofKey.filter(({ add }) => wanted.includes(add.outcome)).map(({ input }) => input);
        const shown: Json[] = [
          ...withOutcome("ok"),
          ...withOutcome("info", "open").filter((_, bit) => (final.shown >> bit) & 1),
        ];
        if (final.flaw === "miss") shown.splice(final.which % Math.max(shown.length, 1), 1);
        if (final.flaw === "excess") shown.push(excess);
        if (final.flaw === "failed add") shown.push(...withOutcome("fail").slice(0, 1));
        return operationEvents(200 + n, "read", keyOf(final), null, read(shown), final.outcome);
      });
      const early = adds.map((add, n) => {
        const pair = operationEvents(n, "add", keyOf(add), inputs[n]!, inputs[n]!, add.outcome);
        const shown = inputs.filter(
          (_, at) =>
            at <= n &&
            adds[at]!.outcome !== "fail" &&
            keyOf(adds[at]!) === keyOf(add) &&
            (add.glimpse >> at) & 1,
        );
        const glimpse = operationEvents(100 + n, "read", keyOf(add), null, read(shown), "ok");
        return { pair, lag: add.lag, glimpse: add.glimpse === 0 ? [] : glimpse };
      });
      const events = renumbered([
        ...overlapping(early),
        ...finals.map((event) => ({ ...event, final: true })),
      ]);
      return { events, toString: () => `${formatHistory(events)}\n` };
    });
}

function operationEvents(
  process: number,
  f: string,
  key: Json | undefined,
  input: Json,
  output: Json,
  outcome: Add["outcome"],
): HistoryEvent[] {
  const event = { index: 0, time: 0, process, f, ...(key === undefined ? {} : { key }) };
  const invocation: HistoryEvent = { ...event, type: "invoke", value: input };
  if (outcome === "open") return [invocation];
  const value = outcome === "ok" ? output : input;
  return [invocation, { ...event, type: outcome, value }];
}

/** Interleaves adds so that each completes `lag` invocations after its own; reads are instant. */
function overlapping(
  adds: readonly { pair: HistoryEvent[]; lag: number; glimpse: HistoryEvent[] }[],
): HistoryEvent[] {
  return adds
    .flatMap(({ pair, lag, glimpse }, n) => [
      ...pair.map((event, half) => ({ event, at: n + half * (lag + 0.5) })),
      ...glimpse.map((event) => ({ event, at: n + 0.25 })),
    ])
    .sort((left, right) => left.at - right.at)
    .map(({ event }) => event);
}
