/** What the axioms make of small programs, by hand. */

import { describe, expect, it } from "vitest";
import { axiomatic } from "../../../checkers/litmus/axiomatic/index.js";
import {
  criticalCycles,
  nameOf,
  parseCycle,
  testOf,
} from "../../../checkers/litmus/cycles/index.js";
import { judge } from "../../../checkers/litmus/judge.js";
import { parseLitmus } from "../../../checkers/litmus/parse/parse.js";
import { type LitmusModel, litmusModels } from "../../../checkers/litmus/program.js";

function verdictsOf(text: string): { [model: string]: string } {
  const test = parseLitmus(text, "by hand");
  return Object.fromEntries(
    litmusModels.map((model) => [model, judge(test, axiomatic(model)(test)).verdict]),
  );
}

/** Threads as in the file, condition and all. */
function program(...lines: string[]): string {
  return ["store test", "{ }", ...lines].join("\n");
}

const [tso, pso, causal, coherence] = ["tso", "pso", "causal-convergence", "coherence"] as const;

describe("each shape is allowed by the models that are known to allow it, and by no other", () => {
  const shapes: readonly (readonly [names: string, models: readonly LitmusModel[]])[] = [
    ["SB 3.SB R Z6.4 Z6.5 RWC W+RWC Z6.0 WRW+WR", [tso, pso, causal, coherence]],
    ["MP ISA2 Z6.2 S 2+2W Z6.1 WRW+2W 3.2W", [pso, coherence]],
    ["WRR+2W Z6.3", [pso, causal, coherence]],
    ["LB 3.LB WRC WWC IRWIW", [coherence]],
    ["IRIW IRRWIW", [causal, coherence]],
  ];
  const cycles = [2, 3, 4].flatMap((threads) => criticalCycles(threads, { fences: false }));
  const cases = shapes.flatMap(([names, models]) =>
    names.split(" ").map((name) => [name, models] as const),
  );

  it.each(cases)("%s", (name, models) => {
    const cycle = cycles.find((one) => nameOf(one) === name);
    const test = testOf(cycle!);
    const allowing = litmusModels.filter(
      (model) => judge(test, axiomatic(model)(test)).verdict === "allowed",
    );
    expect(new Set(allowing)).toEqual(new Set(models));
  });

  it.each(["Rfe PosRR Fre", "Rfe PosRW Coe", "PosWR Fre Coe", "Rfe PosRR Fre Rfe PosRR Fre"])(
    "a single location is coherent everywhere: %s",
    (text) => {
      const test = testOf(parseCycle(text));
      for (const model of litmusModels) {
        expect(judge(test, axiomatic(model)(test)).verdict, model).toBe("forbidden");
      }
    },
  );
});

describe("a thread sees its own buffered writes", () => {
  it("before anyone else does, under tso and pso", () => {
    const text = program(
      " P0      | P1      ;",
      " x := 1  | y := 1  ;",
      " r0 := x | r0 := y ;",
      " r1 := y | r1 := x ;",
      "exists (0:r0=1 /\\ 0:r1=0 /\\ 1:r0=1 /\\ 1:r1=0)",
    );
    expect(verdictsOf(text)).toMatchObject({ sc: "forbidden", tso: "allowed", pso: "allowed" });
  });

  it("and never reads past them", () => {
    const text = program(" P0      ;", " x := 1  ;", " r0 := x ;", "forall (0:r0=1)");
    for (const verdict of Object.values(verdictsOf(text))) expect(verdict).toBe("required");
  });
});

describe("locked instructions", () => {
  it("are fences, where there are fences", () => {
    const text = program(
      " P0               | P1               ;",
      " x := 1           | y := 1           ;",
      " r1 := swap(a, 1) | r1 := swap(b, 1) ;",
      " r0 := y          | r0 := x          ;",
      "exists (0:r0=0 /\\ 1:r0=0)",
    );
    expect(verdictsOf(text)).toMatchObject({
      sc: "forbidden",
      tso: "forbidden",
      pso: "forbidden",
      "causal-convergence": "allowed",
    });
  });

  it("are fences also where a compare-and-set fails", () => {
    const text = program(
      " P0                 | P1                 ;",
      " x := 1             | y := 1             ;",
      " r1 := cas(a, 1, 2) | r1 := cas(b, 1, 2) ;",
      " r0 := y            | r0 := x            ;",
      "exists (0:r0=0 /\\ 1:r0=0)",
    );
    expect(verdictsOf(text)).toMatchObject({ sc: "forbidden", tso: "forbidden", pso: "forbidden" });
  });

  it("are atomic everywhere: two exchanges cannot find the same value", () => {
    const text = program(
      " P0               | P1               ;",
      " r0 := swap(x, 1) | r0 := swap(x, 2) ;",
      "exists (0:r0=0 /\\ 1:r0=0)",
    );
    for (const verdict of Object.values(verdictsOf(text))) expect(verdict).toBe("forbidden");
  });

  it("do not read what overwrites them", () => {
    const text = program(
      " P0               | P1     ;",
      " r0 := swap(x, 1) | x := 2 ;",
      "exists (0:r0=2 /\\ x=2)",
    );
    for (const verdict of Object.values(verdictsOf(text))) expect(verdict).toBe("forbidden");
  });

  it("write only where a compare-and-set finds what it expects", () => {
    const text = program(
      " P0                 | P1                 ;",
      " r0 := cas(x, 0, 1) | r0 := cas(x, 0, 2) ;",
      "forall (0:r0=0 /\\ 1:r0=1 /\\ x=1 \\/ 0:r0=2 /\\ 1:r0=0 /\\ x=2)",
    );
    for (const verdict of Object.values(verdictsOf(text))) expect(verdict).toBe("required");
  });
});

describe("values", () => {
  it("flow through registers into stores", () => {
    const text = program(
      " P0     | P1      | P2      ;",
      " x := 1 | r0 := x | r0 := y ;",
      "        | y := r0 |         ;",
      "exists (2:r0=1)",
    );
    for (const verdict of Object.values(verdictsOf(text))) expect(verdict).toBe("allowed");
  });

  it("do not come out of thin air, even where reads may see the future", () => {
    const text = [
      "store thin-air",
      "{ }",
      " P0      | P1      | P2     ;",
      " r0 := x | r0 := y | z := 1 ;",
      " y := r0 | x := r0 |        ;",
      "exists (0:r0=1)",
    ].join("\n");
    expect(verdictsOf(text)["coherence"]).toBe("forbidden");
  });

  it("of a compare-and-set do not justify that it took place", () => {
    const text = program(
      " P0                 | P1                 ;",
      " r0 := y            | r0 := z            ;",
      " z := r0            | w := r0            ;",
      " r1 := cas(z, 1, 2) | r1 := cas(w, 2, 1) ;",
      "                    | r2 := w            ;",
      "                    | y := r2            ;",
      "exists (0:r0=1)",
    );
    // y=1 needs the second to take place, that one z=2, which needs the first, and that one y=1.
    expect(verdictsOf(text)["coherence"]).toBe("forbidden");
  });
});

describe("what is answered", () => {
  const test = testOf(parseCycle("PodWR Fre PodWR Fre"));

  it.each(litmusModels)("is every final state once, under %s", (model) => {
    const outcomes = axiomatic(model)(test);
    const states = "states" in outcomes ? outcomes.states.map((state) => state.join()) : [];
    expect(new Set(states).size).toBe(states.length);
    expect(states.length).toBe(model === "sc" ? 3 : 4);
  });

  it("is unknown when there are more candidate executions than were asked for", () => {
    expect(axiomatic("tso")(test, 2)).toEqual({ unknown: "more than 2 candidate executions" });
  });
});
