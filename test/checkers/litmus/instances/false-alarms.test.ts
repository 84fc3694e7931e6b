/**
 * Machines with store buffers whose replies get lost, and whose lost requests take effect late or
 * never: what they record must be allowed by their model, whatever was lost.
 */

import fc from "fast-check";
import { expect, it } from "vitest";
import { instancesOf, Judge } from "../../../../checkers/litmus/instances/index.js";
import { enumeratorOf } from "../../../../checkers/litmus/instances/models.js";
import { parseLitmus } from "../../../../checkers/litmus/parse/parse.js";
import { type LitmusModel, litmusModels } from "../../../../checkers/litmus/program.js";
import type { Json } from "../../../../src/base/json.js";
import { shapes } from "../../../systems/litmus-runs.js";
import { type Did, recorded } from "./recorded.js";

/** Locations x and y; the threads are what was recorded. */
const test = parseLitmus(shapes.SB, "SB");

/** Reads what is left in the end. */
const OBSERVER = 1_000;

interface Planned {
  f: Did["f"];
  key: "x" | "y";
  value: number;
  /** What becomes of the reply, and of a request whose reply is lost. */
  fate: "answered" | "lost, done" | "lost, done at the end" | "lost, never done";
}

const planned: fc.Arbitrary<Planned> = fc.record({
  f: fc.constantFrom("read", "read", "write", "write", "swap", "cas", "fence"),
  key: fc.constantFrom("x", "y"),
  value: fc.integer({ min: 1, max: 2 }),
  fate: fc.constantFrom(
    "answered",
    "answered",
    "answered",
    "lost, done",
    "lost, done at the end",
    "lost, never done",
  ),
});
const program = fc.array(fc.array(planned, { maxLength: 4 }), { minLength: 2, maxLength: 3 });

/** One memory; with `buffered`, a buffer for each session before it. */
class Machine {
  readonly dids: Did[] = [];
  readonly #memory = new Map<string, Json>();
  readonly #buffers = new Map<number, { key: string; value: Json }[]>();
  readonly #late: (() => void)[] = [];

  constructor(
    readonly buffered: boolean,
    readonly draw: (bound: number) => number,
  ) {}

  /** The session's next name; a lost change retires it. */
  step(process: number, { f, key, value, fate }: Planned): boolean {
    const about = { process, f, ...(f === "fence" ? {} : { key }) };
    const isLost = fate !== "answered";
    const isChange = f === "write" || f === "swap" || f === "cas";
    if (f === "fence" || f === "swap" || f === "cas") this.#drain(process);
    const from = this.#memory.get(key) ?? null;
    const input: Json = f === "cas" ? [value === 1 ? null : from, value] : isChange ? value : null;
    const expected = (input as Json[] | null)?.[0] ?? null;
    const refused = f === "cas" && expected !== from;
    const effect = (): void => {
      if (f === "cas" && (this.#memory.get(key) ?? null) !== expected) return;
      if (f === "write" && this.buffered) this.#buffer(process).push({ key, value });
      else if (isChange) this.#memory.set(key, value);
    };
    if (!isLost) {
      const output = f === "swap" ? from : f === "read" ? this.#read(process, key) : input;
      effect();
      this.dids.push({ ...about, input, output, ...(refused ? { outcome: "fail" } : {}) });
      return false;
    }
    if (fate === "lost, done") effect();
    if (fate === "lost, done at the end") {
      // Behind what the session has buffered, as it was sent after it.
      this.#late.push(() => {
        this.#drain(process);
        effect();
      });
    }
    this.dids.push({ ...about, input, outcome: isChange ? "info" : "fail" });
    return isChange;
  }

  /** Something leaves a buffer, perhaps. */
  tick(): void {
    const full = [...this.#buffers.values()].filter(({ length }) => length > 0);
    const buffer = full[this.draw(full.length + 1)];
    if (buffer !== undefined) this.#flush(buffer);
    if (this.#late.length > 0 && this.draw(4) === 0) this.#late.shift()?.();
  }

  finish(): void {
    for (const effect of this.#late.splice(0)) effect();
    for (const process of this.#buffers.keys()) this.#drain(process);
    for (const key of ["x", "y"]) {
      const output = this.#memory.get(key) ?? null;
      this.dids.push({ process: OBSERVER, f: "read", key, output, final: true });
    }
  }

  #read(process: number, key: string): Json {
    const own = this.#buffer(process).findLast((entry) => entry.key === key);
    return own?.value ?? this.#memory.get(key) ?? null;
  }

  #buffer(process: number): { key: string; value: Json }[] {
    const buffer = this.#buffers.get(process) ?? [];
    this.#buffers.set(process, buffer);
    return buffer;
  }

  #drain(process: number): void {
    const buffer = this.#buffer(process);
    while (buffer.length > 0) this.#flush(buffer);
  }

  #flush(buffer: { key: string; value: Json }[]): void {
    const { key, value } = buffer.shift()!;
    this.#memory.set(key, value);
  }
}

function run(threads: readonly Planned[][], buffered: boolean, draws: readonly number[]): Did[] {
  let next = 0;
  const machine = new Machine(buffered, (bound) => (draws[next++ % draws.length] ?? 0) % bound);
  const left = threads.map((steps, thread) => ({ process: thread, steps: [...steps] }));
  const draw = (bound: number) => machine.draw(bound);
  for (let open = left; open.length > 0; open = open.filter(({ steps }) => steps.length > 0)) {
    machine.tick();
    const thread = open[draw(open.length)]!;
    const step = thread.steps.shift();
    if (step !== undefined && machine.step(thread.process, step)) thread.process += threads.length;
  }
  machine.finish();
  return machine.dids;
}

const weakerThan: Record<"sc" | "tso", readonly LitmusModel[]> = {
  sc: litmusModels,
  tso: litmusModels.filter((model) => model !== "sc"),
};

it.each(["sc", "tso"] as const)("never raises a false alarm over a machine that is %s", (kind) => {
  const runs = process.env["FAULTLINE_ORACLE_RUNS"] === undefined ? 150 : 3_000;
  fc.assert(
    fc.property(
      program,
      fc.array(fc.nat(59), { minLength: 20, maxLength: 40 }),
      (threads, draws) => {
        const history = recorded(run(threads, kind === "tso", draws));
        for (const model of weakerThan[kind]) {
          const judge = new Judge(test, enumeratorOf(model));
          for (const instance of instancesOf(history, test)) {
            expect([model, judge.mayHappen(instance)]).not.toEqual([model, false]);
          }
        }
      },
    ),
    { numRuns: runs },
  );
});
