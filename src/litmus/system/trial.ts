/**
 * One litmus test put to a system: every placement of its threads, every seed, and what came of it.
 */

import {
  allowedStates,
  functionsOf,
  type InstanceNotes,
  outcomeOf,
  spell,
} from "../../../checkers/litmus/instances/index.js";
import { parseLitmus } from "../../../checkers/litmus/parse/parse.js";
import {
  type LitmusModel,
  type LitmusTest,
  litmusModels,
} from "../../../checkers/litmus/program.js";
import type { Service } from "../../../systems/system.js";
import { operationsFor } from "../../../workloads/litmus/index.js";
import type { RunOutcome } from "../../campaign/pool.js";
import type { RunSpec } from "../../campaign/prepare.js";
import { type Placement, placementsOf } from "./placements.js";

export interface TrialOptions {
  file: string;
  text: string;
  /** What every run of it has in common: system, nemesis, bugs, settings. */
  spec: Omit<RunSpec, "seed">;
  service: Service;
  nodes: number;
  instances: number;
  seeds: { from: number; to: number };
  claim?: string;
}

/** A run that ended outside the claim. */
export interface Offence {
  seed: number;
  /** Per thread its node. */
  placement: string[];
  /** States of the test that the claim forbids; none where it took a partial instance to show. */
  outcomes: InstanceNotes["outcomes"][number]["outcome"][];
  message: string;
  anomalies: string[];
  case: string;
}

export type Seen = {
  outcome: InstanceNotes["outcomes"][number]["outcome"];
  count: number;
  allowed: boolean;
  condition: boolean;
} & Readonly<Record<LitmusModel, boolean>>;

export interface TrialReport {
  file: string;
  name: string;
  system: string;
  /** What it was held to; null where the claim is too weak for litmus tests. */
  model: LitmusModel | null;
  condition: string;
  placements: number;
  runs: number;
  instances: number;
  complete: number;
  divergent: number;
  outcomes: Seen[];
  forbidden: Offence[];
  /** Allowed by the claim, and never come to. */
  neverSeen: Seen["outcome"][];
  undecided: string[];
  broken: string[];
  valid: boolean | "unknown";
}

/** Each instance has so much of a run to itself, in each lane. */
const SLOT_MS = 100;
const LANES = 2;
const TIME_LIMIT_MIN_MS = 2_000;

export class Trial {
  readonly test: LitmusTest;
  readonly #options: TrialOptions;
  readonly #placements: readonly Placement[];
  readonly #counts = new Map<string, InstanceNotes["outcomes"][number]>();
  readonly #report: TrialReport;

  /** @throws LitmusError for a text that is no litmus test. */
  constructor(options: TrialOptions) {
    this.#options = options;
    this.test = parseLitmus(options.text, options.file);
    this.#placements = placementsOf(this.test, options.nodes);
    this.#report = {
      file: options.file,
      name: this.test.name,
      system: options.spec.bin ?? options.spec.system,
      model: null,
      condition: this.test.condition,
      placements: this.#placements.length,
      runs: 0,
      instances: 0,
      complete: 0,
      divergent: 0,
      outcomes: [],
      forbidden: [],
      neverSeen: [],
      undecided: [],
      broken: [],
      valid: true,
    };
  }

  /** What the test needs and the service does not offer. */
  get lacking(): string[] {
    const { operations } = this.#options.service;
    return functionsOf(this.test).filter((f) => !operations.includes(f));
  }

  /** Its runs: placements, and seeds within. */
  get specs(): RunSpec[] {
    const { from, to } = this.#options.seeds;
    const seeds = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return this.#placements.flatMap((placement) =>
      seeds.map((seed) => this.#spec(placement, seed)),
    );
  }

  #spec(placement: Placement, seed: number): RunSpec {
    const { spec, service, instances, nodes, claim, text } = this.#options;
    // Nodes are not all alike after all: with the seed the parts go round them.
    const ordinals = placement.map((part) => (part + seed) % nodes);
    return {
      ...spec,
      seed,
      nodes,
      workload: "litmus",
      clients: LANES * Math.max(1, placement.length),
      operations: operationsFor(this.test, service, instances),
      timeLimitMs: Math.max(TIME_LIMIT_MIN_MS, Math.ceil((instances * SLOT_MS) / LANES)),
      options: {
        ...spec.options,
        test: text,
        placement: ordinals.join(","),
        ...(claim === undefined ? {} : { claim }),
      },
    };
  }

  /** Takes a run in; `keep` stores the case of a failing one and says where. */
  take(spec: RunSpec, outcome: RunOutcome, keep: (text: string) => string): void {
    const report = this.#report;
    report.runs++;
    const placement = nodesOf(spec);
    const where = `seed ${spec.seed}, threads at ${placement.join(", ")}`;
    if ("broken" in outcome) {
      report.broken.push(`${where}: ${outcome.broken}`);
      return;
    }
    const { valid, headline, anomalies, litmus, caseText } = outcome.report;
    if (litmus !== undefined) this.#count(litmus);
    if (valid === "unknown") {
      report.undecided.push(`${where}: ${headline}`);
    }
    if (valid !== false) return;
    report.forbidden.push({
      seed: spec.seed,
      placement,
      outcomes: (litmus?.outcomes ?? [])
        .filter(({ allowed }) => !allowed)
        .map(({ outcome: seen }) => seen),
      message: headline,
      anomalies,
      case: keep(caseText as string),
    });
  }

  #count(notes: InstanceNotes): void {
    const report = this.#report;
    report.model = notes.model;
    report.instances += notes.instances;
    report.complete += notes.complete;
    report.divergent += notes.divergent;
    for (const one of notes.outcomes) {
      const name = spell(one.outcome);
      const seen = this.#counts.get(name);
      this.#counts.set(name, { ...one, count: one.count + (seen?.count ?? 0) });
    }
  }

  close(): TrialReport {
    const report = this.#report;
    const allowed = report.model === null ? undefined : allowedStates(this.test).get(report.model);
    const seen = [...this.#counts.values()].sort(
      (a, b) => b.count - a.count || (spell(a.outcome) < spell(b.outcome) ? -1 : 1),
    );
    return {
      ...report,
      outcomes: seen.map(({ outcome, count, allowed, condition, models }) => {
        const by = litmusModels.map((model) => [model, models.includes(model)] as const);
        return { outcome, count, ...Object.fromEntries(by), allowed, condition } as Seen;
      }),
      neverSeen: [...(allowed?.values() ?? [])]
        .map((state) => outcomeOf(this.test, state))
        .filter((outcome) => !this.#counts.has(spell(outcome)))
        .sort((a, b) => (spell(a) < spell(b) ? -1 : 1)),
      valid:
        report.forbidden.length > 0
          ? false
          : report.undecided.length + report.broken.length > 0
            ? "unknown"
            : true,
    };
  }
}

/** Programs count their nodes from n0, systems from n1. */
function nodesOf({ bin, options }: RunSpec): string[] {
  const ordinals = String(options?.["placement"]).split(",").map(Number);
  return ordinals.map((ordinal) => `n${ordinal + (bin === undefined ? 1 : 0)}`);
}
