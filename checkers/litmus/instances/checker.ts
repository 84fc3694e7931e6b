/**
 * Litmus tests put to a store: every instance must have gone as the model allows that the store
 * claims, and what came out is counted (Alglave et al., Litmus: running tests against hardware, 2011).
 */

import type { History, Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Checker, Verdict } from "../../checker.js";
import { show } from "../../describe.js";
import { Findings } from "../../findings.js";
import { bare, holds } from "../judge.js";
import { type FinalState, type LitmusModel, type LitmusTest, litmusModels } from "../program.js";
import { Judge } from "./happened.js";
import { diverges, type Instance, instancesOf } from "./instance.js";
import { enumeratorOf, modelTitles } from "./models.js";
import { Recount } from "./recount.js";
import { shapeOfInstance } from "./shape.js";

export interface InstancesOptions {
  test: LitmusTest;
  /** What the store claims; undefined for nothing that a litmus test could refute. */
  model: LitmusModel | undefined;
  /** Locations that are written before an instance begins, with the value. */
  prepared?: ReadonlyMap<number, Json>;
  /** Does the claim say that what was over in time is there? Then such a write is where it begins. */
  isRealTime?: boolean;
}

/** One final state that was seen. */
export type Outcome = {
  outcome: { [name: string]: number | string };
  count: number;
  /** The litmus models that allow it. */
  models: LitmusModel[];
  /** By the claimed model; true where nothing is claimed. */
  allowed: boolean;
  /** Does the test's proposition hold in it? */
  condition: boolean;
};

/** What the verdict's notes say. */
export type InstanceNotes = {
  test: string;
  model: LitmusModel | null;
  instances: number;
  /** Instances that came to a final state of the test's. */
  complete: number;
  /** Instances on whose final values the nodes do not agree. */
  divergent: number;
  outcomes: Outcome[];
  /** What the claimed model allows and no instance came to. */
  neverSeen: Outcome["outcome"][];
};

export function litmusInstances(options: InstancesOptions): Checker {
  const { test, model } = options;
  return {
    name: "litmus",
    summary: `every instance of ${test.name} ends as ${model ? modelTitles[model] : "it may"}`,
    check: (history) => check(history, options),
  };
}

function check(history: History, options: InstancesOptions): Verdict {
  const { test, model, prepared = new Map(), isRealTime = false } = options;
  const findings = new Findings();
  const tally = new Tally(test, model);
  const recount = new Recount(test, prepared);
  const judge = model && new Judge(test, enumeratorOf(model), isRealTime ? prepared : new Map());
  let open: string | undefined;
  for (const instance of instancesOf(history, test)) {
    const state = recount.stateOf(instance);
    tally.add(instance, state);
    const answer = judge?.mayHappen(instance) ?? true;
    if (typeof answer === "object") open ??= `instance ${instance.number}: ${answer.unknown}`;
    if (answer !== false || model === undefined) continue;
    findings.add("forbidden-outcome", () => ({
      message: sentence(history, test, instance, model, state),
      ops: operationsOf(instance).map(({ invoked }) => history.events[invoked]!.index),
    }));
  }
  open ??= tally.isEmpty ? "no read of an instance was answered" : undefined;
  return findings.verdict(tally.notes(), open);
}

class Tally {
  readonly #test: LitmusTest;
  readonly #model: LitmusModel | undefined;
  readonly #counts = new Map<string, { state: FinalState; count: number }>();
  #instances = 0;
  #divergent = 0;
  isEmpty = true;

  constructor(test: LitmusTest, model: LitmusModel | undefined) {
    this.#test = test;
    this.#model = model;
  }

  add(instance: Instance, state: FinalState | undefined): void {
    this.#instances++;
    if (diverges(instance)) this.#divergent++;
    this.isEmpty &&= !operationsOf(instance).some(isAnswer);
    if (state === undefined) return;
    const name = state.join(",");
    const seen = this.#counts.get(name) ?? { state, count: 0 };
    seen.count++;
    this.#counts.set(name, seen);
  }

  notes(): InstanceNotes {
    const allowed = allowedStates(this.#test);
    const claimed = this.#model && allowed.get(this.#model);
    const seen = [...this.#counts].sort(
      ([a, { count: m }], [b, { count: n }]) => n - m || (a < b ? -1 : 1),
    );
    const missed = [...(claimed ?? [])].filter(([name]) => !this.#counts.has(name));
    return {
      test: this.#test.name,
      model: this.#model ?? null,
      instances: this.#instances,
      complete: seen.reduce((sum, [, { count }]) => sum + count, 0),
      divergent: this.#divergent,
      outcomes: seen.map(([name, { state, count }]) => ({
        outcome: outcomeOf(this.#test, state),
        count,
        models: litmusModels.filter((model) => allowed.get(model)?.has(name)),
        allowed: claimed?.has(name) ?? true,
        condition: holds(this.#test.proposition, state),
      })),
      neverSeen: missed
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, state]) => outcomeOf(this.#test, state)),
    };
  }
}

/** Per model the states of the test by name; a model that was not decided is left out. */
export function allowedStates(
  test: LitmusTest,
): ReadonlyMap<LitmusModel, ReadonlyMap<string, FinalState>> {
  const result = new Map<LitmusModel, Map<string, FinalState>>();
  for (const model of litmusModels) {
    const outcomes = enumeratorOf(model)(test);
    if ("unknown" in outcomes) continue;
    result.set(model, new Map(outcomes.states.map((state) => [state.join(","), state])));
  }
  return result;
}

export function outcomeOf(test: LitmusTest, state: FinalState): Outcome["outcome"] {
  return Object.fromEntries(
    test.observed.map(({ name }, i) => {
      const text = test.values[state[i]!]!;
      return [bare(name), Number.isSafeInteger(Number(text)) ? Number(text) : text];
    }),
  );
}

/** `0:r0=0 1:r0=0` */
export function spell(outcome: Outcome["outcome"]): string {
  return Object.entries(outcome)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

function sentence(
  history: History,
  test: LitmusTest,
  instance: Instance,
  model: LitmusModel,
  state: FinalState | undefined,
): string {
  const { name, locations } = test;
  const did = instance.sessions.map(
    ({ process, acts }) => `process ${process} ${acts.map((act) => phrase(act, test)).join(", ")}`,
  );
  const ended = [...instance.finals].flatMap(([location, reads]) => {
    const last = reads.findLast(({ outcome }) => outcome === "ok");
    return last === undefined ? [] : [`${locations[location]} is ${show(last.output)} in the end`];
  });
  const outcome = state === undefined ? "" : ` (${spell(outcomeOf(test, state))})`;
  const shape =
    state !== undefined && holds(test.proposition, state)
      ? name
      : shapeOfInstance(history, test, instance, model);
  const story = [...did, ...ended].join("; ");
  return `${name}, instance ${instance.number}: ${story}; ${modelTitles[model]} forbids that${outcome}${shape === undefined ? "" : `: ${shape}`}`;
}

function phrase(act: Instance["sessions"][number]["acts"][number], test: LitmusTest): string {
  if (act.f === "fence") return "fenced";
  const { f, location, operation } = act;
  const key = test.locations[location];
  const { input, output, outcome } = operation;
  if (f === "read")
    return outcome === "ok" ? `read ${key} = ${show(output)}` : `read ${key} (no answer)`;
  const about = outcome === "ok" ? "" : outcome === "fail" ? " (failed)" : " (unknown)";
  if (f === "write") return `wrote ${key} = ${show(input)}${about}`;
  if (f === "cas") {
    const [from, to] = input as [Json, Json];
    return `set ${key} from ${show(from)} to ${show(to)}${about}`;
  }
  const got = outcome === "ok" ? ` for ${show(output)}` : about;
  return `put ${show(input)} into ${key}${got}`;
}

function operationsOf({ sessions, finals }: Instance): Operation[] {
  const own = sessions.flatMap(({ acts }) =>
    acts.flatMap((act) => (act.f === "fence" ? [] : [act.operation])),
  );
  return [...own, ...[...finals.values()].flat()].sort((a, b) => a.invoked - b.invoked);
}

/** Something that a model has a say in. */
function isAnswer({ f, outcome }: Operation): boolean {
  return outcome === "ok" && f !== "write";
}
