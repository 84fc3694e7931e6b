/** Engines with one rule broken: what the tests of the real ones expect must catch every one of them. */

import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Axioms,
  axiomsOf,
  type OrderAxiom,
} from "../../../checkers/litmus/axiomatic/axioms.js";
import { enumerateUnder } from "../../../checkers/litmus/axiomatic/enumerate.js";
import { judge } from "../../../checkers/litmus/judge.js";
import { pso, sc, tso } from "../../../checkers/litmus/operational/index.js";
import type { Machine } from "../../../checkers/litmus/operational/machine.js";
import { parseLitmus } from "../../../checkers/litmus/parse/parse.js";
import type { Enumerate, Instruction, LitmusTest } from "../../../checkers/litmus/program.js";

type Buffered = "sc" | "tso" | "pso";

/** What the machine is made of, or the program on its way into it, changed by a mutant. */
const mutation = vi.hoisted(() => ({
  program: (test: LitmusTest): LitmusTest => test,
  machine: (machine: Machine): Machine => machine,
}));

vi.mock("../../../checkers/litmus/operational/machine.js", async (original) => {
  const actual = await original<typeof import("../../../checkers/litmus/operational/machine.js")>();
  return {
    ...actual,
    machineOf: (...[test, buffering]: Parameters<typeof actual.machineOf>) =>
      mutation.machine(actual.machineOf(mutation.program(test), buffering)),
  };
});

const untouched = { ...mutation };
afterEach(() => {
  Object.assign(mutation, untouched);
});

interface Expectation {
  readonly text: string;
  readonly verdicts: { readonly [model in Buffered]?: string };
}

const expectations: { readonly [name: string]: Expectation } = {
  "SB+rfi-pos": {
    text: ` P0      | P1      ;
 x := 1  | y := 1  ;
 r0 := x | r0 := y ;
 r1 := y | r1 := x ;
exists (0:r0=1 /\\ 0:r1=0 /\\ 1:r0=1 /\\ 1:r1=0)`,
    verdicts: { sc: "forbidden", tso: "allowed", pso: "allowed" },
  },
  CoWR: {
    text: ` P0      ;
 x := 1  ;
 r0 := x ;
forall (0:r0=1)`,
    verdicts: { sc: "required", tso: "required", pso: "required" },
  },
  "SB+fences": {
    text: ` P0      | P1      ;
 x := 1  | y := 1  ;
 fence   | fence   ;
 r0 := y | r0 := x ;
exists (0:r0=0 /\\ 1:r0=0)`,
    verdicts: { tso: "forbidden", pso: "forbidden" },
  },
  "MP+fence+po": {
    text: ` P0     | P1      ;
 x := 1 | r0 := y ;
 fence  | r1 := x ;
 y := 1 |         ;
exists (1:r0=1 /\\ 1:r1=0)`,
    verdicts: { pso: "forbidden" },
  },
  "two exchanges": {
    text: ` P0               | P1               ;
 r0 := swap(x, 1) | r0 := swap(x, 2) ;
exists (0:r0=0 /\\ 1:r0=0)`,
    verdicts: { sc: "forbidden", tso: "forbidden", pso: "forbidden" },
  },
  "an exchange and a write": {
    text: ` P0               | P1     ;
 r0 := swap(x, 1) | x := 2 ;
exists (0:r0=0 /\\ x=1 \\/ 0:r0=2 /\\ x=2)`,
    verdicts: { sc: "forbidden", tso: "forbidden", pso: "forbidden" },
  },
  "SB+exchanges": {
    text: ` P0               | P1               ;
 r1 := swap(x, 1) | r1 := swap(y, 1) ;
 r0 := y          | r0 := x          ;
exists (0:r0=0 /\\ 1:r0=0)`,
    verdicts: { sc: "forbidden", tso: "forbidden", pso: "forbidden" },
  },
  "two compare-and-sets": {
    text: ` P0                 | P1                 ;
 r0 := cas(x, 0, 1) | r0 := cas(x, 0, 2) ;
exists (0:r0=0 /\\ 1:r0=0)`,
    verdicts: { sc: "forbidden", tso: "forbidden", pso: "forbidden" },
  },
};

/** The expectations that an engine misses: `name model`. */
function missed(engine: (model: Buffered) => Enumerate): string[] {
  return Object.entries(expectations).flatMap(([name, { text, verdicts }]) => {
    const test = parseLitmus(`store ${name.replaceAll(" ", "-")}\n{ }\n${text}`, name);
    return Object.entries(verdicts)
      .filter(
        ([model, expected]) => judge(test, engine(model as Buffered)(test)).verdict !== expected,
      )
      .map(([model]) => `${name} ${model}`);
  });
}

/** Machines as changed by the mutant of the moment. */
function machines(changes: Partial<typeof mutation> = {}): (model: Buffered) => Enumerate {
  Object.assign(mutation, changes);
  return (model) => ({ sc, tso, pso })[model];
}

/** Axioms with every order changed. */
function axioms(
  change: (order: OrderAxiom) => OrderAxiom,
  others: Partial<Axioms> = {},
): (model: Buffered) => Enumerate {
  return (model) => {
    const { orders, atomicity } = axiomsOf[model];
    return enumerateUnder({ orders: orders.map(change), atomicity, ...others });
  };
}

describe("the engines as they are meet every expectation", () => {
  it("machines", () => expect(missed(machines())).toEqual([]));
  it("axioms", () => expect(missed(axioms((order) => order))).toEqual([]));
});

describe("a broken rule of the axioms is caught", () => {
  it("reads-from within a thread as part of the global order: no forwarding", () => {
    const mutant = axioms((order) => ({
      ...order,
      readsFrom: { internal: true, external: true },
    }));
    expect(missed(mutant)).toEqual(["SB+rfi-pos tso", "SB+rfi-pos pso"]);
  });

  it("a fence that orders nothing", () => {
    const mutant = axioms((order) => ({
      ...order,
      keeps: (first, second) =>
        first.kind !== "fence" && second.kind !== "fence" && order.keeps(first, second),
    }));
    expect(missed(mutant)).toEqual(["SB+fences tso", "SB+fences pso", "MP+fence+po pso"]);
  });

  it("an exchange that others may come between", () => {
    expect(missed(axioms((order) => order, { atomicity: false }))).toEqual([
      "two exchanges sc",
      "two exchanges tso",
      "two exchanges pso",
      "an exchange and a write sc",
      "an exchange and a write tso",
      "an exchange and a write pso",
      "two compare-and-sets sc",
      "two compare-and-sets tso",
      "two compare-and-sets pso",
    ]);
  });

  it("an exchange whose halves are not in order, as in published models", () => {
    const mutant = missed(axioms((order) => ({ ...order, halves: false })));
    expect(mutant).toContain("an exchange and a write sc");
    expect(mutant).toContain("an exchange and a write tso");
    expect(mutant).toContain("an exchange and a write pso");
  });

  it("a locked instruction that is no fence", () => {
    const mutant = axioms((order) => ({
      ...order,
      keeps: (first, second) =>
        order.keeps({ ...first, locked: false }, { ...second, locked: false }),
    }));
    expect(missed(mutant)).toEqual(["SB+exchanges tso", "SB+exchanges pso"]);
  });

  it("a location whose reads may go back in time", () => {
    const mutant = axioms((order) => ({
      ...order,
      keeps: (first, second) => first.location !== second.location && order.keeps(first, second),
    }));
    expect(missed(mutant)).toContain("CoWR tso");
  });
});

describe("a broken rule of the machines is caught", () => {
  it("loads that do not look into the own buffer", () => {
    const mutant = machines({
      machine: changedSteps((step) => ({ ...step, forwarded: undefined })),
    });
    expect(missed(mutant)).toEqual(["SB+rfi-pos tso", "SB+rfi-pos pso", "CoWR tso", "CoWR pso"]);
  });

  it("a fence that waits for nothing", () => {
    const mutant = machines({ program: without("fence") });
    expect(missed(mutant)).toEqual(["SB+fences tso", "SB+fences pso", "MP+fence+po pso"]);
  });

  it("an exchange in two steps", () => {
    expect(missed(machines({ program: splitExchanges }))).toEqual([
      "two exchanges sc",
      "two exchanges tso",
      "two exchanges pso",
      "an exchange and a write sc",
      "an exchange and a write tso",
      "an exchange and a write pso",
      "SB+exchanges tso",
      "SB+exchanges pso",
    ]);
  });
});

type MachineStep = Machine["threads"][number]["steps"][number];

function changedSteps(change: (step: MachineStep) => MachineStep): (machine: Machine) => Machine {
  return (machine) => ({
    ...machine,
    threads: machine.threads.map((thread) => ({ ...thread, steps: thread.steps.map(change) })),
  });
}

function without(op: Instruction["op"]): (test: LitmusTest) => LitmusTest {
  return (test) => ({
    ...test,
    threads: test.threads.map((thread) => thread.filter((one) => one.op !== op)),
  });
}

/** An exchange becomes a load and a buffered store, by a register of its own. */
function splitExchanges(test: LitmusTest): LitmusTest {
  return {
    ...test,
    registers: test.registers.map((own) => [...own, 0]),
    threads: test.threads.map((thread, t) => {
      const spare = test.registers[t]!.length;
      return thread.flatMap((one): Instruction[] => {
        if (one.op !== "exchange") return [one];
        const { location, register } = one;
        return [
          { op: "move", register: spare, value: { kind: "register", register } },
          { op: "load", location, register },
          { op: "store", location, value: { kind: "register", register: spare } },
        ];
      });
    }),
  };
}
