/** Wait-for histories, by hand and at random: what is held against victims, and against what lasts. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deadlocks } from "../../checkers/index.js";
import type { Json } from "../../src/base/json.js";
import { type Observed, observed } from "./observed.js";

const WITHIN_MS = 1_000;
const OWNER = "o";

/**
 * "a: T U V" is the lock a with holder T (- for nobody), and U and V who wait; "T begun", "T done", "T
 * victim" and "T released a" are of transactions; "boot" and "fault", "healed" of the world.
 */
function event(line: string, timeMs?: number): Observed {
  const at = timeMs === undefined ? {} : { timeMs };
  const [first = "", is = "", key] = line.split(" ");
  if (line === "fault" || line === "healed") {
    const fault = { id: 0, kind: "partition" };
    const f = line === "fault" ? "partition" : "partition-end";
    return { process: "nemesis", f, value: fault, ...at };
  }
  if (line.startsWith("boot")) {
    return { process: is || OWNER, f: "lock-manager", value: { withinMs: WITHIN_MS }, ...at };
  }
  if (first.endsWith(":")) {
    const [holder = "-", ...waiting] = line.split(" ").slice(1);
    const value = { key: first.slice(0, -1), holder: holder === "-" ? null : holder, waiting };
    return { process: OWNER, f: "lock", value, ...at };
  }
  const value: { [name: string]: Json } = { txn: first, is, ...(key === undefined ? {} : { key }) };
  return { process: `home-${first}`, f: "transaction", value, ...at };
}

const judge = (...lines: string[]) =>
  deadlocks.check(observed([event("boot"), ...lines.map((line) => event(line))]));

const typesOf = (...lines: string[]) => judge(...lines).anomalies.map(({ type }) => type);

/** T has a and wants b, U has b and wants a. */
const embrace = ["a: T U", "b: U T"];

describe("victims of deadlocks", () => {
  it("may be anybody on a cycle", () => {
    expect(typesOf(...embrace, "T victim")).toEqual([]);
    expect(typesOf(...embrace, "U victim")).toEqual([]);
    expect(typesOf("a: T U", "b: U V", "c: V T", "V victim")).toEqual([]);
  });

  it("are none on a path, however long", () => {
    expect(typesOf("a: T U", "b: U V", "V victim")).toEqual(["phantom-deadlock"]);
    expect(typesOf("T victim")).toEqual(["phantom-deadlock"]);
  });

  it("are none who wait for a cycle, and are not on it", () => {
    expect(typesOf(...embrace, "c: T V", "V victim")).toEqual(["phantom-deadlock"]);
  });

  it("are none where an edge was over before the last one was there", () => {
    expect(typesOf("a: T U", "T released a", "b: U T", "T victim")).toEqual(["phantom-deadlock"]);
    expect(typesOf("a: T U", "a: - U", "b: U T", "T victim")).toEqual(["phantom-deadlock"]);
    expect(typesOf("a: T U", "b: U V", "U done", "c: V T", "V victim")).toEqual([
      "phantom-deadlock",
    ]);
  });

  it("are one of each cycle: another one is needless", () => {
    expect(typesOf(...embrace, "T victim", "U victim")).toEqual(["needless-abort"]);
    expect(typesOf(...embrace, "T victim", "a: U", "U victim")).toEqual(["needless-abort"]);
    expect(judge(...embrace, "T victim", "U victim").anomalies[0]?.message).toContain(
      "which the abort of T had broken before",
    );
  });

  it("are not to blame for what another end has broken meanwhile", () => {
    expect(typesOf(...embrace, "T done", "U victim")).toEqual([]);
    expect(typesOf("T begun", ...embrace, "boot home-T", "U victim")).toEqual([]);
    expect(typesOf(...embrace, "boot", "U victim")).toEqual([]);
    expect(typesOf(...embrace, "boot", "a: T U", "U victim")).toEqual([]);
  });

  it("are judged by the wait in which they are aborted", () => {
    const broken = [...embrace, "T victim", "a: U"];
    expect(typesOf(...broken, "c: V U", "U victim")).toEqual(["phantom-deadlock"]);
    expect(typesOf(...broken, "c: V U", "a: U V", "U victim")).toEqual([]);
  });

  it("may be two where two cycles share somebody who goes on waiting", () => {
    const both = ["a: T U V", "b: U T", "c: V T"];
    expect(typesOf(...both, "U victim", "V victim")).toEqual([]);
    expect(typesOf(...both, "T victim", "V victim")).toEqual(["needless-abort"]);
  });
});

describe("a deadlock that lasts", () => {
  const at = (...events: [line: string, timeMs: number][]) =>
    deadlocks.check(observed([event("boot", 0), ...events.map(([line, ms]) => event(line, ms))]));

  it("is undetected once the time promised is over, and not before", () => {
    const until = (ms: number) => at(["a: T U", 10], ["b: U T", 20], ["T victim", ms]);
    expect(until(20 + WITHIN_MS)).toMatchObject({ valid: true });
    expect(until(21 + WITHIN_MS).anomalies).toMatchObject([{ type: "undetected-deadlock" }]);
  });

  it("is undetected, too, where the history ends with it", () => {
    const { anomalies } = at(["a: T U", 10], ["b: U T", 20], ["V begun", 2_000]);
    expect(anomalies.map(({ type }) => type)).toEqual(["undetected-deadlock"]);
  });

  it("may last while something is wrong with the world, and half a second longer", () => {
    const until = (ms: number) =>
      at(["fault", 5], ["a: T U", 10], ["b: U T", 20], ["healed", 9_000], ["T victim", ms]);
    expect(until(9_500 + WITHIN_MS)).toMatchObject({ valid: true });
    expect(until(9_502 + WITHIN_MS).anomalies).toMatchObject([{ type: "undetected-deadlock" }]);
    expect(at(["fault", 5], ["a: T U", 10], ["b: U T", 20], ["V begun", 60_000]).valid).toBe(true);
  });

  it("cannot be judged where nobody has promised anything", () => {
    expect(deadlocks.check(observed([event("a: T U")])).valid).toBe("unknown");
  });
});

describe("at random", () => {
  const txns = ["T", "U", "V", "W"];
  const keys = ["a", "b", "c"];
  const txn = fc.constantFrom(...txns);
  const line = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(fc.constantFrom(...keys), fc.uniqueArray(txn, { minLength: 1 })),
    },
    { weight: 2, arbitrary: txn.map((name) => `${name} victim`) },
    { weight: 1, arbitrary: txn.map((name) => `${name} done`) },
    {
      weight: 1,
      arbitrary: fc.tuple(txn, fc.constantFrom(...keys)).map(([t, k]) => `${t} released ${k}`),
    },
  );
  const isEnd = (one: string): boolean => /^\w (victim|done)$/.test(one);
  /** Nobody ends twice. */
  const lines = fc.array(line, { maxLength: 14 }).map((all) => {
    const told = all.map((one) =>
      typeof one === "string" ? one : `${one[0]}: ${one[1].join(" ")}`,
    );
    return told.filter(
      (one, i) =>
        !isEnd(one) || !told.slice(0, i).some((other) => isEnd(other) && other[0] === one[0]),
    );
  });

  it("they are judged as by trying every path at every moment", () => {
    let accused = 0;
    fc.assert(
      fc.property(lines, (all) => {
        const expected = bruteForce(all);
        accused += expected.length;
        expect(typesOf(...all).sort()).toEqual(expected.sort());
      }),
      { numRuns: 1_500, seed: 7 },
    );
    expect(accused).toBeGreaterThan(300);
  });
});

/** Replays the whole history up to every moment, and looks for a path from each transaction to itself. */
function bruteForce(lines: readonly string[]): string[] {
  const found: string[] = [];
  lines.forEach((last, i) => {
    const [victim = "", is] = last.split(" ");
    if (is !== "victim") return;
    // Who waits anew, for the last time before this, and the moments of that wait.
    const isNew = (n: number): boolean =>
      waitsIn(lines[n]).some(
        (wait) =>
          wait.startsWith(`${victim} `) &&
          !lines.slice(0, n).some((earlier) => waitsIn(earlier).includes(wait)),
      );
    const begun = [...lines.keys()].filter((n) => n < i && isNew(n)).at(-1) ?? 0;
    const moments = [...Array(i - begun).keys()].map((n) => begun + n);
    const stuck = moments.filter((n) => groupOf(victim, lines.slice(0, n + 1)).length > 0);
    const latest = stuck.at(-1);
    if (latest === undefined) {
      found.push("phantom-deadlock");
      return;
    }
    const [breaker = "", how] = (lines[latest + 1] as string).split(" ");
    const members = groupOf(victim, lines.slice(0, latest + 1));
    if (latest + 1 < i && how === "victim" && members.includes(breaker))
      found.push("needless-abort");
  });
  return found;
}

function waitsIn(line = ""): string[] {
  const [lock = "", , ...waiting] = line.split(" ");
  return lock.endsWith(":") ? waiting.map((txn) => `${txn} ${lock.slice(0, -1)}`) : [];
}

/** All that the transaction reaches and that reach it; empty unless it reaches itself. */
function groupOf(txn: string, lines: readonly string[]): string[] {
  const over = (name: string): boolean =>
    lines.some((line) => line === `${name} victim` || line === `${name} done`);
  const left = (name: string, key: string): boolean => lines.includes(`${name} released ${key}`);
  const latest = new Map(
    lines.filter((line) => line.includes(":")).map((line) => [line[0] as string, line.slice(3)]),
  );
  const awaited = (name: string): string[] =>
    [...latest].flatMap(([key, standing]) => {
      const [holder = "", ...waiting] = standing.split(" ");
      const stands = [holder, name].every((one) => !over(one) && !left(one, key));
      return waiting.includes(name) && stands ? [holder] : [];
    });
  const reaches = (from: string, to: string, seen: string[] = []): boolean =>
    awaited(from).some(
      (next) => next === to || (!seen.includes(next) && reaches(next, to, [...seen, next])),
    );
  return reaches(txn, txn)
    ? ["T", "U", "V", "W"].filter((o) => o === txn || (reaches(txn, o) && reaches(o, txn)))
    : [];
}
