/** Litmus shapes, what is read where nothing is read, and histories of simulated machines. */

import { describe, expect, test } from "vitest";
import { machineHistory, withOneReadChanged } from "../../../../bench/memory/machine.js";
import {
  type Accesses,
  INITIAL,
  kinds,
  NO_LOCATION,
  THIN_AIR,
} from "../../../../checkers/memory/accesses.js";
import { type Decision, STEPS_MAX } from "../../../../checkers/memory/decision.js";
import { coherence, pso, sequential, tso } from "../../../../checkers/memory/orders/index.js";
import { Streams } from "../../../../src/random/streams.js";
import { replays } from "./brute-force.js";

const deciders = { sequential, tso, pso, coherence };
const options = { stepsMax: STEPS_MAX };

/**
 * `wx1` writes 1 to x, `rx1` reads it, `rx0` the initial value, `ux12` reads 1 and writes 2, `f` is a
 * fence; sessions are set apart by `|`. Each value is written once.
 */
function parse(text: string): Accesses {
  const sessions = text.split("|").map((part) => part.trim().split(/\s+/).filter(Boolean));
  const words = sessions.flat();
  const letters = [...new Set(words.filter((word) => word !== "f").map((word) => word[1]!))];
  const written = (word: string): string => (word[0] === "r" || word === "f" ? "" : word.at(-1)!);
  const source = (word: string): number => {
    if (word[0] !== "r" && word[0] !== "u") return INITIAL;
    if (word[2] === "0") return INITIAL;
    const writer = words.findIndex((other) => other[1] === word[1] && written(other) === word[2]);
    return writer === -1 ? THIN_AIR : writer;
  };
  const kind = { r: kinds.read, w: kinds.write, u: kinds.update, f: kinds.fence };
  const starts = [0];
  for (const session of sessions) starts.push(starts.at(-1)! + session.length);
  return {
    size: words.length,
    sessions: sessions.length,
    keys: letters.length,
    starts: Int32Array.from(starts),
    session: Int32Array.from(sessions.flatMap((session, i) => session.map(() => i))),
    kind: Uint8Array.from(words, (word) => kind[word[0] as keyof typeof kind]),
    key: Int32Array.from(words, (word) => (word === "f" ? NO_LOCATION : letters.indexOf(word[1]!))),
    source: Int32Array.from(words, source),
    completed: Int32Array.from(words, (_, i) => i),
    operation: Int32Array.from(words, (_, i) => i),
  };
}

function allowedBy(text: string): string {
  return Object.entries(deciders)
    .filter(([, decide]) => decide(parse(text), { stepsMax: 0 }).holds === true)
    .map(([name]) => name)
    .join(" ");
}

test.each([
  ["SB", "wx1 ry0 | wy1 rx0", "tso pso coherence"],
  ["SB with fences", "wx1 f ry0 | wy1 f rx0", "coherence"],
  ["SB with updates", "ux01 ry0 | uy01 rx0", "coherence"],
  ["SB with an unrelated update", "wx1 uz01 ry0 | wy1 f rx0", "coherence"],
  ["SB, own writes read early", "wx1 rx1 ry0 | wy1 ry1 rx0", "tso pso coherence"],
  ["MP", "wx1 wy1 | ry1 rx0", "pso coherence"],
  ["MP with a fence", "wx1 f wy1 | ry1 rx0", "coherence"],
  ["LB", "rx1 wy1 | ry1 wx1", "coherence"],
  ["IRIW", "wx1 | wy1 | rx1 ry0 | ry1 rx0", "coherence"],
  ["WRC", "wx1 | rx1 wy1 | ry1 rx0", "coherence"],
  ["S", "wx2 wy1 | ry1 wx1 | rx1 rx2", "pso coherence"],
  ["CoRR", "wx1 | rx1 rx0", ""],
  ["CoWR", "wx1 rx0", ""],
  ["CoWR, another's", "wx1 rx2 | wx2 | rx2 rx1", ""],
  ["CoRW", "rx1 wx1", ""],
  ["CoWW", "wx1 wx2 | rx2 rx1", ""],
  ["readers disagree", "wx1 | wx2 | rx1 rx2 | rx2 rx1", ""],
  ["updates of one value", "ux01 | ux02", ""],
  ["updates in a row", "ux01 | ux12 | rx1 rx2", "sequential tso pso coherence"],
  ["a write between update and source", "wx1 | ux12 | wx3 | rx1 rx3 rx2", ""],
  ["only fences", "f | f f", "sequential tso pso coherence"],
  ["nothing", "", "sequential tso pso coherence"],
  ["thin air", "rx7", ""],
])("%s: %s is in: %s", (_, text, models) => {
  expect(allowedBy(text)).toBe(models);
});

function refuted(decision: Decision) {
  if (decision.holds !== false) throw new Error(`holds: ${decision.holds}`);
  return decision.violation;
}

test("store buffering is told as its cycle", () => {
  const { type, path, accesses } = refuted(sequential(parse("wx1 ry0 | wy1 rx0"), options));
  expect(type).toBe("non-sequential");
  const steps = path.map(({ from, to, relation }) => `${from} ${relation} ${to}`).sort();
  expect(steps).toEqual(["0 session 1", "1 replaced 2", "2 session 3", "3 replaced 0"]);
  expect(accesses).toEqual([0, 1, 2, 3]);
});

test("a read from thin air is named so by all", () => {
  for (const decide of Object.values(deciders)) {
    const { type, accesses } = refuted(decide(parse("wx1 rx1 ry9"), options));
    expect([type, accesses]).toEqual(["ThinAirRead", [2]]);
  }
});

test("an update that reads its own value is refused by all", () => {
  for (const decide of Object.values(deciders)) {
    expect(refuted(decide(parse("wx1 | ux22"), options)).accesses).toEqual([1]);
  }
});

describe("histories of 2000 accesses", () => {
  const shares = { writePermille: 480, updatePermille: 20, fencePermille: 5 };

  test.each(["sequential", "tso", "pso"] as const)(
    "of a simulated machine replay on it: %s",
    (machine) => {
      for (const keys of [8, 200]) {
        const setting = { machine, sessions: 8, size: 2000, keys, ...shares };
        const history = machineHistory(setting, new Streams(keys).stream(machine));
        for (const completed of [history.completed, new Int32Array(history.size)]) {
          const accesses = { ...history, completed };
          const decision = deciders[machine](accesses, options);
          if (decision.holds !== true) throw new Error(`holds: ${decision.holds}`);
          expect(replays(accesses, machine, decision.order!)).toBe(true);
          expect(coherence(accesses, options).holds).toBe(true);
        }
      }
    },
  );

  test("with buffers are not sequential", () => {
    const setting = { machine: "tso", sessions: 8, size: 2000, keys: 20, ...shares } as const;
    const history = machineHistory(setting, new Streams(1).stream("buffers"));
    expect(sequential(history, options).holds).toBe(false);
    expect(pso(history, options).holds).toBe(true);
  });

  test("with one read changed are mostly refuted, and what is not replays", () => {
    let refutations = 0;
    for (let seed = 0; seed < 20; seed++) {
      const random = new Streams(seed).stream("changed");
      const setting = { machine: "tso", sessions: 6, size: 600, keys: 20, ...shares } as const;
      const history = withOneReadChanged(machineHistory(setting, random), random);
      const decision = tso(history, options);
      expect(decision.holds).not.toBe("unknown");
      if (decision.holds === false) refutations++;
      if (decision.holds === true) expect(replays(history, "tso", decision.order!)).toBe(true);
    }
    expect(refutations).toBeGreaterThan(10);
  });
});

test("more than twelve accesses may be left open, but not guessed", () => {
  // Hints that mislead: greedy runs do not always get through, and without steps no search begins.
  const setting = {
    machine: "sequential",
    sessions: 16,
    size: 2000,
    keys: 32,
    writePermille: 500,
  } as const;
  const holds = new Set<unknown>();
  for (let seed = 0; seed < 6; seed++) {
    const history = machineHistory(setting, new Streams(seed).stream("open"));
    const completed = history.completed.map((time) => setting.size * 2 - time);
    const misled = { ...history, completed };
    holds.add(sequential(misled, { stepsMax: -1 }).holds);
    expect(sequential(misled, options).holds).toBe(true);
  }
  expect(holds).toContain("unknown");
  expect(holds).not.toContain(false);
});
