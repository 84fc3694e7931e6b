/** Histories of a log that a test serves itself, right or wrong on purpose. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { log } from "../../../checkers/log/log.js";
import type { History, HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { recorded } from "../timeline.js";

interface Step {
  process: number;
  kind: "send" | "poll" | "assign";
  key: number;
  /** How many messages of each key a poll returns at most. */
  batch: number;
  fate: "ok" | "lost" | "refused";
}

const KEYS = ["x", "y"];
const step: fc.Arbitrary<Step> = fc.record({
  process: fc.nat(2),
  kind: fc.constantFrom("send", "send", "poll", "poll", "poll", "assign"),
  key: fc.nat(1),
  batch: fc.integer({ min: 1, max: 4 }),
  fate: fc.constantFrom("ok", "ok", "ok", "ok", "lost", "refused"),
});
const script = fc.array(step, { minLength: 4, maxLength: 40 });

/** What a poll of a key returns, of the entries from the consumer's position on. */
type Serve = (entries: [number, number][], key: string) => [number, number][];

/** Clients one after the other; a lost answer retires the process, a lost poll moves nothing. */
function served(steps: readonly Step[], serve: Serve = (entries) => entries): History {
  const logs = new Map(KEYS.map((key) => [key, [] as number[]]));
  const positions = new Map<number, Map<string, number>>();
  const names = [0, 1, 2];
  const events: HistoryEvent[] = [];
  const record = (process: number, f: string, rest: Partial<HistoryEvent>): void => {
    const time = events.length;
    events.push({
      index: time,
      time,
      process: names[process]!,
      f,
      type: "ok",
      value: null,
      ...rest,
    });
  };
  steps.forEach(({ process, kind, key, batch, fate }, i) => {
    const known = positions.get(process) ?? new Map(KEYS.map((name) => [name, 0]));
    positions.set(process, known);
    const name = KEYS[key]!;
    if (kind === "send") {
      record(process, "send", { type: "invoke", key: name, value: i });
      const entries = logs.get(name)!;
      if (fate !== "refused") entries.push(i);
      const done: Json = [entries.length - 1, i];
      if (fate === "ok") record(process, "send", { key: name, value: done });
      else
        record(process, "send", { type: fate === "lost" ? "info" : "fail", key: name, value: i });
      if (fate === "lost") names[process]! += 3;
      return;
    }
    if (kind === "assign") {
      const keys = key === 0 ? ["x"] : ["x", "y"];
      record(process, "assign", { type: "invoke", value: keys });
      record(process, "assign", { value: {} });
      positions.set(process, new Map(keys.map((one) => [one, known.get(one) ?? 0])));
      return;
    }
    record(process, "poll", { type: "invoke" });
    if (fate !== "ok") {
      record(process, "poll", { type: "fail" });
      return;
    }
    const polled: { [key: string]: Json } = {};
    for (const [one, position] of known) {
      const entries = logs.get(one)!.map((value, offset): [number, number] => [offset, value]);
      const batchOf = entries.slice(position, position + batch);
      polled[one] = serve(batchOf, one);
      known.set(one, position + batchOf.length);
    }
    record(process, "poll", { value: polled });
  });
  return recorded(events);
}

const typesOf = (history: History) => log.check(history).anomalies.map(({ type }) => type);

describe("a log that is served", () => {
  it("rightly is never invalid", () => {
    fc.assert(
      fc.property(script, (steps) => {
        expect(typesOf(served(steps))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("with a message left out is invalid as soon as an acknowledged one is read beyond", () => {
    fc.assert(
      fc.property(script, fc.nat(40), (steps, forgotten) => {
        const history = served(steps, (entries) =>
          entries.filter(([, value]) => value !== forgotten),
        );
        const send = history.operations.find(({ f, input }) => f === "send" && input === forgotten);
        const beyond = history.operations.some(({ f, outcome, output }) => {
          if (f !== "poll" || outcome !== "ok" || send?.outcome !== "ok") return false;
          const offset = (send.output as number[])[0]!;
          const entries = (output as { [key: string]: [number, number][] })[String(send.key)] ?? [];
          return entries.some(([at]) => at > offset);
        });
        expect(typesOf(history).includes("lost-write")).toBe(beyond);
      }),
      { numRuns: 500 },
    );
  });

  it("with an entry given twice, or two exchanged, goes backwards", () => {
    fc.assert(
      fc.property(script, fc.boolean(), (steps, exchanged) => {
        let broken = false;
        const history = served(steps, (entries) => {
          const [first, second, ...rest] = entries;
          if (broken || first === undefined || second === undefined) return entries;
          broken = true;
          return exchanged ? [second, first, ...rest] : [first, first, second, ...rest];
        });
        expect(typesOf(history).includes("int-nonmonotonic-poll")).toBe(broken);
      }),
      { numRuns: 300 },
    );
  });

  it("is judged the same whatever its keys, values and processes are called", () => {
    const renamed = (history: History): History =>
      recorded(
        history.events.map((event) => {
          const text = JSON.stringify(event.value ?? null)
            .replaceAll('"x"', '"z"')
            .replaceAll('"y"', '"a"');
          return {
            ...event,
            process: 1000 - Number(event.process),
            value: JSON.parse(text) as Json,
            ...(event.key === undefined ? {} : { key: event.key === "x" ? "z" : "a" }),
          };
        }),
      );
    fc.assert(
      fc.property(script, fc.nat(40), (steps, forgotten) => {
        const history = served(steps, (entries) =>
          entries.filter(([, value]) => value !== forgotten),
        );
        const [one, other] = [history, renamed(history)].map((judged) => log.check(judged));
        expect(other!.valid).toBe(one!.valid);
        expect(other!.notes?.["found"]).toEqual(one!.notes?.["found"]);
      }),
    );
  });
});
