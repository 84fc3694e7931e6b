/**
 * Which final state of its test an instance came to: what statistics are made of.
 *
 * Only an instance in which every thread came through in one session has one. Its sessions are given
 * to the threads by what they did; of threads that are alike, in the order of processes.
 */

import type { Json } from "../../../src/base/json.js";
import type { FinalState, LitmusTest } from "../program.js";
import { type Act, finalValue, type Instance } from "./instance.js";
import { type Source, type Step, type Thread, threadsOf, wireValue } from "./steps.js";

export class Recount {
  readonly #test: LitmusTest;
  readonly #threads: readonly Thread[];
  /** Per location its values, where all of them stand in the test. */
  readonly #values: readonly (ReadonlySet<number> | undefined)[];
  readonly #prepared: ReadonlyMap<number, Json>;

  /** `prepared`: locations that are written before an instance begins, with the value. */
  constructor(test: LitmusTest, prepared: ReadonlyMap<number, Json> = new Map()) {
    this.#test = test;
    this.#threads = threadsOf(test);
    this.#values = test.locations.map((_, location) => valuesOf(this.#threads, location, test));
    this.#prepared = prepared;
  }

  /** Undefined where something is not known, or is no value of the test's. */
  stateOf(instance: Instance): FinalState | undefined {
    const sessions = instance.sessions.map(({ acts }) => this.#withoutPreparation(acts));
    const results: (number | undefined)[][] = [];
    for (const { steps } of this.#threads) {
      const at = sessions.findIndex((acts) => this.#fits(acts, steps));
      if (at < 0 && steps.some(({ f }) => f !== "fence")) return undefined;
      const [acts = []] = at < 0 ? [] : sessions.splice(at, 1);
      results.push(this.#resultsOf(acts, steps));
    }
    if (sessions.some((acts) => acts.length > 0)) return undefined;
    const state: number[] = [];
    for (const { variable } of this.#test.observed) {
      const value =
        variable.kind === "location"
          ? this.#placeOf(finalValue(instance, variable.location), variable.location)
          : resolve(
              this.#threads[variable.thread]?.registers[variable.register],
              results[variable.thread] ?? [],
            );
      if (value === undefined) return undefined;
      state.push(value);
    }
    return state;
  }

  #withoutPreparation(acts: readonly Act[]): Act[] {
    const isPreparation = (act: Act): boolean =>
      act.f === "write" &&
      this.#prepared.has(act.location) &&
      act.operation.outcome === "ok" &&
      act.operation.input === this.#prepared.get(act.location);
    const first = acts.findIndex((act) => !isPreparation(act));
    return first < 0 ? [] : acts.slice(first);
  }

  /** Did the session do the thread's steps, all of them, each answered? */
  #fits(acts: readonly Act[], steps: readonly Step[]): boolean {
    const inner = withoutOuterFences(steps);
    return inner.length === acts.length && acts.every((act, i) => this.#isStep(act, inner[i]!));
  }

  #isStep(act: Act, step: Step): boolean {
    if (act.f === "fence" || step.f === "fence") return act.f === step.f;
    if (act.f !== step.f || act.location !== step.location) return false;
    const { outcome, input } = act.operation;
    if (outcome !== "ok" && !(act.f === "cas" && outcome === "fail" && refused(act))) return false;
    if (step.f === "read" || step.value.kind === "result") return true;
    const value = step.f === "cas" ? (input as Json[])[1] : input;
    return value === wireValue(this.#test, step.value.value);
  }

  #resultsOf(acts: readonly Act[], steps: readonly Step[]): (number | undefined)[] {
    const results: (number | undefined)[] = [];
    const accesses = acts.filter((act) => act.f !== "fence");
    for (const [i, step] of steps.entries()) {
      if (step.f === "fence") continue;
      const { output, outcome } = accesses.shift()!.operation;
      if (step.f === "cas") results[i] = this.#casResult(step, outcome === "ok", results);
      else if (step.f !== "write") results[i] = this.#placeOf(output, step.location);
    }
    return results;
  }

  /** A refusal does not say what there was; where there are but two values it was the other. */
  #casResult(
    step: Step & { f: "cas" },
    succeeded: boolean,
    results: readonly (number | undefined)[],
  ): number | undefined {
    const expected = resolve(step.expected, results);
    if (succeeded) return expected;
    const others = [...(this.#values[step.location] ?? [])].filter((value) => value !== expected);
    return others.length === 1 ? others[0] : undefined;
  }

  /** A key that nobody wrote has its location's first value. */
  #placeOf(value: Json | undefined, location: number): number | undefined {
    if (value === undefined) return undefined;
    if (value === null) return this.#test.initial[location];
    const place = this.#test.values.indexOf(String(value));
    return place < 0 ? undefined : place;
  }
}

/** Fences before the first access or after the last order nothing, and leave no trace. */
function withoutOuterFences(steps: readonly Step[]): Step[] {
  const isAccess = ({ f }: Step): boolean => f !== "fence";
  const first = steps.findIndex(isAccess);
  const inner = first < 0 ? [] : steps.slice(first, steps.findLastIndex(isAccess) + 1);
  // Several in a row are one.
  return inner.filter(({ f }, i) => f !== "fence" || inner[i - 1]?.f !== "fence");
}

function resolve(
  source: Source | undefined,
  results: readonly (number | undefined)[],
): number | undefined {
  return source?.kind === "constant" ? source.value : results[source?.step ?? -1];
}

/** The service compared, and said no; another failure says nothing of the value. */
function refused({ operation: { error } }: Exclude<Act, { f: "fence" }>): boolean {
  return typeof error === "object" && error !== null && (error as { code?: unknown }).code === 22;
}

function valuesOf(
  threads: readonly Thread[],
  location: number,
  test: LitmusTest,
): ReadonlySet<number> | undefined {
  const values = new Set([test.initial[location]!]);
  for (const step of threads.flatMap(({ steps }) => steps)) {
    if (step.f === "fence" || step.f === "read" || step.location !== location) continue;
    if (step.value.kind === "result") return undefined;
    values.add(step.value.value);
  }
  return values;
}
