/** Violations of memory models are called by the litmus test that they are. */

import { describe, expect, it } from "vitest";
import type { Accesses } from "../../../checkers/memory/accesses.js";
import { accessesOf } from "../../../checkers/memory/accesses-of.js";
import { STEPS_MAX } from "../../../checkers/memory/decision.js";
import { coherence, pso, sequential, tso } from "../../../checkers/memory/orders/index.js";
import { readingsOf } from "../../../checkers/memory/readings.js";
import { shapeOf } from "../../../checkers/memory/shape.js";
import { columnsOf } from "../../../histories/columns.js";
import { history, INIT } from "./notation.js";
import { shapes } from "./oracle/shapes.js";

const models = { sequential, tso, pso, coherence };

function accessesIn(text: string): Accesses {
  return accessesOf(readingsOf(columnsOf(history(text)), INIT));
}

/** Names under the models that the history violates, with the path that the decision shows. */
function namesOf(text: string): Set<string | undefined> {
  const accesses = accessesIn(text);
  const names = Object.entries(models).flatMap(([model, decide]) => {
    const decision = decide(accesses, { stepsMax: STEPS_MAX });
    return decision.holds === false
      ? [shapeOf(accesses, decision.violation.path, model)?.name]
      : [];
  });
  return new Set(names);
}

const families =
  /^(?:\d\.)?(?:2\+2W|W\+RWC|WR[RW]\+2W|WRW\+WR|IRIW|IRRWIW|IRWIW|ISA2|WRC|WWC|RWC|Z6\.\d|SB|MP|LB|R|S)(?=\+|$)/;
const classic = shapes.filter(({ name }) => families.test(name));

/** What an update reads and writes at once makes another shape of it, or of one key. */
const renamed = new Map([
  ["MP+one-key", "CoRR"],
  ["IRIW+cas-readers", "SB"],
  ["2+2W+swaps", "CoRR"],
  ["2+2W+swaps-told", "SB"],
  ["R+swap", "MP"],
  ["S+swap", "MP"],
  ["WRC+cas", "MP"],
  ["WRC+cas-stale", "MP"],
]);

describe("the classic shapes have their names, whatever model they violate", () => {
  it.each(classic)("$name: $text", ({ name, text }) => {
    const family = renamed.get(name) ?? families.exec(name)![0];
    expect(namesOf(text)).toEqual(new Set([family]));
  });

  it.each([
    ["w(x,1) | r(x)1 r(x)0", "CoRR"],
    ["w(x,1) | w(x,2) | r(x)1 r(x)2 | r(x)2 r(x)1", "CoRR"],
    ["r(x)1 w(x,1)", "CoRW1"],
    ["cas(x,0,1) | cas(x,0,2)", "lost-update"],
    ["w(x,1) r(x)0", "CoWR0"],
  ])("%s is %s", (text, name) => {
    expect(namesOf(text)).toEqual(new Set([name]));
  });
});

describe("a name stands on evidence", () => {
  it("and is never given to what the model allows", () => {
    for (const { text } of shapes) {
      const readings = readingsOf(columnsOf(history(text)), INIT);
      if (readings.choices.size > 0) continue;
      const accesses = accessesOf(readings);
      for (const [model, decide] of Object.entries(models)) {
        if (decide(accesses, { stepsMax: STEPS_MAX }).holds !== true) continue;
        expect(shapeOf(accesses, [], model), `${model}: ${text}`).toBeUndefined();
      }
    }
  });

  it("so a step that was derived, not seen, names nothing", () => {
    const accesses = accessesIn("w(x,1) w(y,1) | w(y,2) r(x)0 | r(y)1 r(y)2");
    // Reading 2 was before writing 1: an argument by what else would be wrong.
    const path = [
      { from: 1, to: 4, relation: "reads-from" },
      { from: 4, to: 5, relation: "session" },
      { from: 5, to: 1, relation: "replaced" },
    ] as const;
    expect(shapeOf(accesses, path)).toBeUndefined();
    expect(shapeOf(accesses, path, "sequential")).toMatchObject({ name: "R", title: "R" });
  });
});

describe("a path", () => {
  const seen = { from: 0, to: 2, relation: "reads-from" } as const;

  it("through several sessions at once is spelled out", () => {
    // w(x,1) reaches the last read by way of the second session.
    const accesses = accessesIn("w(x,1) | r(x)1 w(y,1) | r(y)1 r(x)0");
    const path = [
      { from: 0, to: 4, relation: "causes" },
      { from: 4, to: 0, relation: "replaced" },
    ] as const;
    expect(shapeOf(accesses, path)).toMatchObject({
      name: "WRC",
      title: "write-to-read causality",
    });
  });

  it("that is no cycle has no name", () => {
    const accesses = accessesIn("w(x,1) w(y,1) | r(x)1 r(y)0");
    expect(shapeOf(accesses, [seen])).toBeUndefined();
    expect(shapeOf(accesses, [])).toBeUndefined();
  });

  it("with a detour through other sessions is called by what is left without it", () => {
    // The second session is entered by reading x, and again by reading z.
    const accesses = accessesIn("w(x,1) | r(x)1 w(y,1) r(z)1 r(u)0 | r(y)1 w(z,1) | w(u,1) r(x)0");
    const path = [
      { from: 0, to: 1, relation: "reads-from" },
      { from: 1, to: 2, relation: "session" },
      { from: 2, to: 5, relation: "reads-from" },
      { from: 5, to: 6, relation: "session" },
      { from: 6, to: 3, relation: "reads-from" },
      { from: 3, to: 4, relation: "session" },
      { from: 4, to: 7, relation: "replaced" },
      { from: 7, to: 8, relation: "session" },
      { from: 8, to: 0, relation: "replaced" },
    ] as const;
    expect(shapeOf(accesses, path)).toMatchObject({
      name: "RWC",
      title: "read-to-write causality",
    });
  });
});
