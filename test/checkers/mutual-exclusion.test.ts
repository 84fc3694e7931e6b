/** Two holders at once, told from everything that only looks like it. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mutualExclusion } from "../../checkers/index.js";
import { type HistoryEvent, type Operation, toHistory } from "../../histories/index.js";
import { isJsonObject } from "../../src/base/json.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => mutualExclusion.check(timeline(text));

describe("two holds of a lock", () => {
  it("that overlap are an anomaly", () => {
    const { valid, anomalies } = judge(
      '1 acquire = {"token":1} @k 0..2\n2 acquire = {"token":2} @k 1..3',
    );
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "mutual-exclusion",
        message:
          'process 2 held key k from 3 ms ({"token":2}), though process 1 held it since 2 ms ({"token":1})',
        ops: [0, 1],
      },
    ]);
  });

  it.each([
    ["of different keys", "1 acquire @a 0..1\n2 acquire @b 2..3"],
    ["with a release in between", "1 acquire @k 0..1\n1 release @k 2..9\n2 acquire @k 3..4"],
    [
      "with a release by the holder's next name in between",
      '1 acquire = {"token":7} @k 0..1\n6 release {"token":7} @k 2..9\n2 acquire @k 3..4',
    ],
    [
      "with a release that failed in between",
      "1 acquire @k 0..1\n1 release @k 2..3 failed\n2 acquire @k 4..5",
    ],
    ["of which one is unknown", "1 acquire @k 0..?\n2 acquire @k 2..3"],
    ["of which one was refused", "1 acquire @k 0..1 failed\n2 acquire @k 2..3"],
    [
      "of which one is by a client that is gone",
      "1 acquire @k 0..1\n1 write 1 @k 2..?\n2 acquire @k 3..4",
    ],
    ["with a lease that is over", '1 acquire = {"validMs":5} @k 0..2\n2 acquire @k 3..5'],
    [
      "with a lease that was over when its answer came",
      '1 acquire @k 0..2\n2 acquire = {"validMs":5} @k 1..6\n1 release @k 7..8',
    ],
  ])("%s do not", (_, text) => {
    expect(judge(text).valid).toBe(true);
  });

  it.each([
    ["of one client, which takes again what it has", "1 acquire @k 0..1\n1 acquire @k 2..3"],
    [
      "with a release by who has no hold, for a client that is gone, in between",
      '1 acquire = {"validMs":50} @k 0..1\n1 read @k 2..?\n6 release @k 3..4\n2 acquire @k 5..6',
    ],
    ["with a lease that is no number", '1 acquire = {"validMs":"5"} @k 0..2\n2 acquire @k 3..4'],
  ])("%s do not overlap", (_, text) => {
    expect(judge(text).valid).toBe(true);
  });

  it("cannot be told of leases in a history without times", () => {
    const value = { token: 1, validMs: 1 };
    const events = [1, 2].flatMap((process): HistoryEvent[] => [
      {
        index: 2 * process - 2,
        time: 2 * process - 2,
        process,
        type: "invoke",
        f: "acquire",
        value,
      },
      { index: 2 * process - 1, time: 2 * process - 1, process, type: "ok", f: "acquire", value },
    ]);
    const { valid, reason } = mutualExclusion.check(toHistory(events));
    expect(valid).toBe("unknown");
    expect(reason).toBe("nothing can be said of how long any lease lasted");
  });

  it("overlap within their leases", () => {
    expect(judge('1 acquire = {"validMs":5} @k 0..2\n2 acquire @k 3..4').valid).toBe(false);
  });

  it("are judged whoever else has gone, where a lease is named", () => {
    const gone = '1 acquire = {"validMs":50} @k 0..1\n1 write 1 @k 2..?\n2 acquire @k 3..4';
    expect(judge(gone).valid).toBe(false);
  });

  it("do not overlap where nobody has any", () => {
    expect(judge("1 acquire @k 0..?").valid).toBe(true);
    expect(judge("1 acquire @k 0..1 failed\n2 increment @k 0..1").valid).toBe(true);
    expect(judge("").valid).toBe(true);
  });
});

describe("against a search of every moment", () => {
  const step = fc.record({
    process: fc.integer({ min: 0, max: 3 }),
    f: fc.constantFrom("acquire", "acquire", "release", "increment"),
    key: fc.constantFrom("a", "b"),
    gap: fc.integer({ min: 1, max: 3 }),
    lasts: fc.integer({ min: 1, max: 4 }),
    end: fc.constantFrom("ok", "ok", "ok", "ok", "failed", "unknown"),
    token: fc.option(fc.integer({ min: 1, max: 4 })),
    validMs: fc.option(fc.integer({ min: 0, max: 9 })),
  });

  it("finds the same", () => {
    const seen = { none: 0, single: 0, shared: 0 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 9 }), (steps) => {
        const clocks = new Map<number, number>();
        const lines = steps.flatMap(({ process, f, key, gap, lasts, end, token, validMs }) => {
          const from = (clocks.get(process) ?? process / 10) + gap;
          if (from === Number.POSITIVE_INFINITY) return [];
          clocks.set(process, end === "unknown" ? Number.POSITIVE_INFINITY : from + lasts);
          const told = {
            ...(token === null ? {} : { token }),
            ...(validMs === null || f === "release" ? {} : { validMs }),
          };
          const value = f === "acquire" ? `= ${JSON.stringify(told)}` : JSON.stringify(told);
          const to = end === "unknown" ? "?" : `${(from + lasts).toFixed(1)}`;
          return [
            `${process} ${f} ${value} @${key} ${from.toFixed(1)}..${to}${end === "failed" ? " failed" : ""}`,
          ];
        });
        const history = timeline(lines.join("\n"));
        const { valid } = mutualExclusion.check(history);
        const holders = history.events.map(({ index, time }) =>
          history.operations.filter((acquire) => holds(acquire, index, time, history.operations)),
        );
        const twice = holders.some((now) =>
          now.some((a) => now.some((b) => a.process !== b.process && a.key === b.key)),
        );
        const never = holders.every((now) => now.length === 0);
        seen[twice ? "shared" : never ? "none" : "single"]++;
        expect(valid).toBe(!twice);
      }),
      { seed: 7, numRuns: 1_500 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50);
  });
});

/** By the definition: whether the acquire holds its key right after the event. */
function holds(
  { f, outcome, completed, invokedAt, output, key, process, invoked }: Operation,
  index: number,
  time: number,
  operations: readonly Operation[],
): boolean {
  if (f !== "acquire" || outcome !== "ok" || completed > index) return false;
  const { validMs, token } = isJsonObject(output) ? output : {};
  if (typeof validMs === "number" && invokedAt + validMs * 1e6 <= time) return false;
  return !operations.some((other) => {
    if (other.invoked > index || other.invoked < invoked) return false;
    if (other.outcome === "info" && other.process === process && validMs === undefined) return true;
    if (other.f !== "release" || other.key !== key) return false;
    const named = isJsonObject(other.input) ? other.input["token"] : undefined;
    if (named === undefined && isByNobody(other, operations)) {
      const left = operations.find((last) => last.process === process && last.outcome === "info");
      return left !== undefined && left.invoked < other.invoked;
    }
    return other.process === process || (token !== undefined && named === token);
  });
}

/** Whether it is released by somebody who has not acquired it, or has released it before. */
function isByNobody(release: Operation, operations: readonly Operation[]): boolean {
  const own = operations.filter(
    ({ process, key, invoked, f, outcome }) =>
      process === release.process &&
      key === release.key &&
      invoked < release.invoked &&
      (f === "release" || (f === "acquire" && outcome === "ok")),
  );
  return own.at(-1)?.f !== "acquire";
}
